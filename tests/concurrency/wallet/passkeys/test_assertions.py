"""One signature used at many places at once confirms once."""

from functools import partial

import pytest

from tests.factories.accounts import available_minor
from tests.factories.passkeys import challenge_for, make_passkey, waiting_payment
from tests.factories.settlement import make_payer
from tests.factories.threads import outcomes_at_once
from wallet.passkeys.models import Passkey, PasskeyChallenge
from wallet.passkeys.rules import AssertionReplayed
from wallet.passkeys.usecases.assert_challenge import assert_challenge

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_one_assertion_used_six_times_at_once_gives_one_confirmation() -> None:
    li = make_payer(5_000_00)
    device, _ = make_passkey(li)
    challenge = challenge_for(li, waiting_payment(li))
    response = device.sign(challenge.transaction)
    act = partial(assert_challenge, user_id=li.id, challenge_id=challenge.id, response=response)
    outcomes = outcomes_at_once([act] * 6, threads=6)
    assert sum(isinstance(one, PasskeyChallenge) for one in outcomes) == 1
    assert sum(isinstance(one, AssertionReplayed) for one in outcomes) == 5
    assert available_minor(li) == 3_800_00
    assert Passkey.objects.get().sign_count == 1
