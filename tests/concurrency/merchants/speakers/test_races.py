"""One request heard twice at one moment is one order."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.speakers.usecases.speak_order import speak_order
from tests.factories.accounts import available_minor
from tests.factories.speakers import make_kitchen
from tests.factories.threads import outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_a_request_sent_six_times_at_once_debits_once() -> None:
    kitchen = make_kitchen()
    spoken = kitchen.hears("9.00")
    outcomes = outcomes_at_once([partial(speak_order, spoken=spoken)] * 6)
    codes = [one.code for one in outcomes if isinstance(one, SaomaError)]
    assert codes == ["voice_order_replayed"] * 5
    assert available_minor(kitchen.owner) == 491_00
    assert verify_ledger().passed
