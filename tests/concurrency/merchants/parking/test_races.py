"""One plate at many gates at once."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.parking.models import Stay
from tests.factories.accounts import available_minor
from tests.factories.parking import CarPark
from tests.factories.settlement import held
from tests.factories.threads import outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.public import owes_arrears

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_a_plate_enters_once_and_its_stay_is_paid_once() -> None:
    park = CarPark()
    park.register()
    outcomes = outcomes_at_once([park.enter] * 6, threads=6)
    assert sum(not isinstance(one, SaomaError) for one in outcomes) == 1
    outcomes_at_once([partial(park.leave, 6_00)] * 6, threads=6)
    assert (available_minor(park.driver), Stay.objects.get().state) == (94_00, "PAID")
    assert verify_ledger().passed


def test_what_a_wallet_lacks_is_guaranteed_and_counted_once() -> None:
    park = CarPark(balance_minor=2_00)
    park.register()
    park.enter()
    outcomes_at_once([partial(park.leave, 6_00)] * 6, threads=6)
    park.agreement.refresh_from_db()
    assert (park.agreement.debits, park.agreement.debited_minor) == (1, 6_00)
    assert (available_minor(park.driver), owes_arrears(park.driver.id)) == (0, True)
    assert held(park.shop.merchant.pending_account_id) == 6_00
    assert verify_ledger().passed
