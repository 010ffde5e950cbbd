"""A car park by agreement: nobody takes a phone out, and the driver keeps the last word."""

import pytest

from merchants.settlement.models import SettlementBatch
from tests.factories.accounts import available_minor, client_of, make_user, post
from tests.factories.clock import advance
from tests.factories.settlement import noon
from tests.gateway.agreements import debit, general, signed
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CENTS_AN_HOUR = 3_00


@pytest.fixture
def car_park() -> Shop:
    noon()
    return make_shop("Car Park")


@pytest.fixture
def driver() -> WalletUser:
    return make_user(balance_minor=100_00)


def leaves(car_park: Shop, number: str, ticket: str, *, fee_minor: int) -> str:
    """The gate debits what the stay cost; gives PAID or UNPAID_EXIT with the reason."""
    answer = debit(car_park, number, f"{fee_minor / 100:.2f}", out_trade_no=ticket)
    return "PAID" if answer.node["code"] == "10000" else f"UNPAID_EXIT {answer.sub_code}"


def test_a_driver_parks_by_agreement_until_unsigning(car_park: Shop, driver: WalletUser) -> None:
    number = signed(car_park, driver, general(external_agreement_no="PLATE-A12345"))
    advance(hours=3, minutes=20)  # in at 15:20
    advance(hours=2)  # out at 17:20
    assert leaves(car_park, number, "T1", fee_minor=2 * CENTS_AN_HOUR) == "PAID"
    assert available_minor(driver) == 94_00
    too_much = leaves(car_park, number, "T2", fee_minor=25_00)
    assert too_much == "UNPAID_EXIT ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED"
    phone = client_of(driver)
    post(phone, f"agreements/{Agreement.objects.get().id}/unsign", {})
    refused = leaves(car_park, number, "T3", fee_minor=6_00)
    assert refused == "UNPAID_EXIT ACQ.AGREEMENT_INVALID"
    assert available_minor(driver) == 94_00
    assert verify_ledger().passed


def test_what_the_gate_took_is_settled_with_the_day(car_park: Shop, driver: WalletUser) -> None:
    number = signed(car_park, driver)
    for ticket in ("T1", "T2"):
        leaves(car_park, number, ticket, fee_minor=6_00)
    advance(days=1)
    batch = SettlementBatch.objects.get(merchant=car_park.merchant, payment_count__gt=0)
    assert (batch.payment_count, batch.gross_minor) == (2, 12_00)
    assert verify_ledger().passed
