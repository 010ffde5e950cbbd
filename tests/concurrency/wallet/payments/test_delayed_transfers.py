"""Delayed transfers that race: slices sent at once, and a call back beside the arrival."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from config.kernel import clock
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.races import THREADS, race
from tests.factories.threads import outcomes_at_once
from wallet.accounts.models import WalletUser
from wallet.payments.models import Transfer
from wallet.payments.usecases.end_transfer import cancel_transfer, deliver_transfers
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import TransferOutcome

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def send(li: WalletUser, mei: WalletUser, key: str, amount_minor: int) -> TransferOutcome:
    return transfer_money(
        key=key, payer_id=li.id, payee_phone=mei.phone, amount_minor=amount_minor, pin=PIN
    )


def test_slices_sent_at_once_pass_only_below_the_sum_that_waits() -> None:
    li, mei = make_user(balance_minor=4_000_00), make_user()
    race([partial(send, li, mei, f"K{n}", 500_00) for n in range(THREADS)])
    states = Counter(Transfer.objects.values_list("state", flat=True))
    assert states == {"SUCCEEDED": 3, "DELAYED": 5}
    assert (available_minor(li), available_minor(mei)) == (0, 1_500_00)


def test_a_call_back_beside_the_arrival_moves_the_money_once() -> None:
    li, mei = make_user(balance_minor=2_000_00), make_user()
    transfer = send(li, mei, "K", 2_000_00).transfer
    due = clock.now() + timedelta(days=1)
    cancel = partial(cancel_transfer, payer_id=li.id, transfer_id=transfer.id)
    acts: list[Callable[[], object]] = [cancel, partial(deliver_transfers, now=due)]
    outcomes_at_once(acts * 2)
    state = Transfer.objects.get().state
    assert (state, available_minor(mei)) in {("CANCELLED", 0), ("SUCCEEDED", 2_000_00)}
    assert available_minor(li) + available_minor(mei) == 2_000_00
