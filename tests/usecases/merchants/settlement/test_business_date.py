"""One business day: payment, entries, batch and bill give a sale the same date."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.kernel import clock
from merchants.bills.queries import trade_rows
from merchants.bills.rules import period
from merchants.disputes.usecases.answer_dispute import accept_dispute
from merchants.settlement.accounts import own_accounts
from merchants.settlement.models import SettlementLine
from tests.factories.accounts import make_user
from tests.factories.clock import advance
from tests.factories.disputes import dispute_payment
from tests.factories.funds import give_balance, send_to_card
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell
from tests.factories.splits import bind, refund_with, split
from wallet.business_days import business_date, cut_off
from wallet.ledger.models import Entry
from wallet.payments.models import Payment, Refund

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cutoff_hour", [0, 2, 14, 23])
def test_each_place_gives_a_sale_and_its_refund_one_date(cutoff_hour: int) -> None:
    today = noon()
    merchant, payer = make_merchant(cutoff_hour=cutoff_hour), make_payer()
    sold_on = today if cutoff_hour < 12 else today - timedelta(days=1)
    sale = sell(merchant, 100_00, payer=payer)
    refund = give_back(sale, 10_00, merchant=merchant)
    assert Payment.objects.get(id=sale.id).business_date == sold_on
    assert Refund.objects.get(id=refund.id).business_date == sold_on
    journals = [journal for journal in (sale.journal_id, refund.journal_id) if journal]
    assert set(
        Entry.objects.filter(journal_id__in=journals).values_list("business_date", flat=True)
    ) == {sold_on}
    advance(days=2)
    lines = SettlementLine.objects.filter(payment_id=sale.id)
    assert set(lines.values_list("batch__business_date", flat=True)) == {sold_on}
    asked = period(sold_on.isoformat(), zone=merchant.zone, cutoff_hour=cutoff_hour)
    assert [row.reference for row in trade_rows(merchant, asked)] == [sale.reference] * 2


@pytest.mark.parametrize("cutoff_hour", [2, 14])
def test_every_entry_of_a_merchants_money_bears_its_business_day(cutoff_hour: int) -> None:
    today = noon()
    merchant, payer, friend = make_merchant(cutoff_hour=cutoff_hour), make_payer(), make_user()
    bind(merchant, friend)
    give_balance(merchant, 50_00)
    sale = sell(merchant, 100_00, payer=payer)
    split(merchant, sale, friend, 20_00)
    refund_with(merchant, sale, friend, 30_00)
    send_to_card(merchant, 5_00)
    dispute = dispute_payment(sell(merchant, 40_00, payer=payer).id, payer.id)
    accept_dispute(dispute_id=dispute.id, actor="operator:mia")
    on = today if cutoff_hour < 12 else today - timedelta(days=1)
    entries = Entry.objects.filter(
        account_id__in=[account for account, _ in own_accounts(merchant)]
    )
    assert set(entries.values_list("business_date", flat=True)) == {on}
    kinds = set(entries.values_list("journal__kind", flat=True))
    assert kinds >= {"balance_topup", "split", "split_return", "merchant_transfer", "dispute"}


def test_the_date_is_fixed_when_money_moves_not_when_the_order_is_made() -> None:
    noon()
    merchant = make_merchant(cutoff_hour=23)
    payment = sell(merchant, 5_00, payer=make_payer())
    stored = Payment.objects.get(id=payment.id)
    assert (stored.payee_zone, stored.payee_cutoff_hour) == ("Asia/Shanghai", 23)
    assert stored.business_date == clock.today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("local", "hour", "expected"),
    [
        ("2026-03-29T01:59:00", 2, "2026-03-28"),  # 02:00 is skipped on this night
        ("2026-03-29T03:30:00", 2, "2026-03-29"),
        ("2026-10-25T01:59:00", 2, "2026-10-24"),
        ("2026-10-25T02:30:00", 2, "2026-10-25"),  # 02:30 comes twice
    ],
)
def test_clock_changes_leave_no_gap_between_days(local: str, hour: int, expected: str) -> None:
    zone = "Europe/Paris"
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    day = business_date(moment, zone=zone, cutoff_hour=hour)
    assert day.isoformat() == expected
    assert cut_off(day, zone=zone, hour=hour) <= moment
    assert moment < cut_off(day + timedelta(days=1), zone=zone, hour=hour)
