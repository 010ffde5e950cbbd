"""One plate at many gates at once."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.parking.models import Stay
from tests.factories.accounts import available_minor
from tests.factories.parking import CarPark
from tests.factories.threads import outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_a_plate_enters_once_and_its_stay_is_paid_once() -> None:
    park = CarPark()
    park.register()
    outcomes = outcomes_at_once([park.enter] * 6, threads=6)
    assert sum(not isinstance(one, SaomaError) for one in outcomes) == 1
    outcomes_at_once([partial(park.leave, 6_00)] * 6, threads=6)
    assert (available_minor(park.driver), Stay.objects.get().state) == (94_00, "PAID")
    assert verify_ledger().passed
