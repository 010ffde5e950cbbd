"""Debts of merchants: they age, alarm, and are written off by two operators."""

import pytest

from config.kernel.alarms.models import Alarm
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Status
from merchants.exposure import rules
from merchants.exposure.models import WatchedDebt
from merchants.exposure.tasks import WRITE_OFF
from merchants.exposure.usecases.cover_refund import cover_refund
from merchants.exposure.usecases.set_ceiling import set_ceiling
from merchants.exposure.usecases.write_off import LOSS, write_off
from merchants.onboarding.models import Merchant
from tests.factories.clock import advance
from tests.factories.operators import make_checker, make_maker
from tests.factories.settlement import books, held, make_merchant, make_payer, noon, sell
from wallet.ledger.queries import account_id
from wallet.payments.usecases.refund_payment import refund_payment

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def owing(amount_minor: int = 100_00) -> Merchant:
    """A merchant that was paid out, and refunded on our credit."""
    noon()
    merchant = make_merchant()
    set_ceiling(merchant_id=merchant.id, ceiling_minor=amount_minor, actor="operator:carl")
    sale = sell(merchant, amount_minor, payer=make_payer())
    advance(days=1)
    refund_payment(
        payment_id=sale.id, request_no="late", amount_minor=amount_minor, cover=cover_refund
    )
    assert books(merchant) == (0, 0, amount_minor)
    return merchant


@pytest.mark.slow
def test_a_debt_alarms_as_it_passes_into_older_buckets() -> None:
    merchant = owing()
    advance(days=7)
    assert not Alarm.objects.filter(kind="merchant_debt_aged").exists()
    advance(days=2)
    advance(days=23)
    alarms = Alarm.objects.filter(kind="merchant_debt_aged").order_by("id")
    assert [alarm.facts["age_days"] for alarm in alarms] == ["8-30", "31-90"]
    assert {alarm.facts["merchant"] for alarm in alarms} == {merchant.merchant_number}


def test_a_debt_that_is_paid_is_watched_no_longer() -> None:
    merchant = owing()
    sell(merchant, 200_00, payer=make_payer())
    advance(days=9)
    assert not WatchedDebt.objects.exists()
    assert not Alarm.objects.filter(kind="merchant_debt_aged").exists()


def test_two_operators_write_a_debt_off() -> None:
    merchant = owing()
    lost_minor = held(account_id(LOSS))
    request = request_approval(
        action=WRITE_OFF,
        parameters={"merchant_id": str(merchant.id), "amount_minor": 60_00},
        reason="insolvent, by the court's letter",
        maker=make_maker("mia", WRITE_OFF),
    )
    request = approve_request(request_id=request.id, checker=make_checker("carl", WRITE_OFF))
    assert request.status == Status.EXECUTED
    assert books(merchant) == (0, 0, 40_00)
    assert held(account_id(LOSS)) - lost_minor == 60_00


@pytest.mark.parametrize("amount_minor", [0, -1, 100_01])
def test_no_more_is_written_off_than_is_owed(amount_minor: int) -> None:
    merchant = owing()
    with pytest.raises(rules.NothingOwed):
        write_off(merchant_id=merchant.id, amount_minor=amount_minor, actor="operator:carl")
    assert books(merchant) == (0, 0, 100_00)
