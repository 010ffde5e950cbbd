"""One business day: payment, entries, batch and bill give a sale the same date."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.kernel import clock
from merchants.bills.queries import movements, trade_rows
from merchants.bills.rules import period
from merchants.bills.values import Period
from merchants.disputes.usecases.answer_dispute import accept_dispute
from merchants.onboarding.models import Merchant
from merchants.payouts.usecases.settle_date import settle_date
from merchants.reconciliation.six_totals import six_totals
from merchants.settlement import bill
from merchants.settlement.accounts import own_accounts
from merchants.settlement.models import SettlementBatch, SettlementLine
from merchants.settlement.queries import bill_lines
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


def test_what_comes_after_a_day_was_closed_by_hand_stands_on_its_own_day_in_every_bill() -> None:
    today = noon()
    merchant, payer = make_merchant(), make_payer()
    sell(merchant, 100_00, payer=payer)
    settle_date(business_date=today)
    closed = read(merchant, today)
    late = sell(merchant, 40_00, payer=payer)
    refund = give_back(late, 10_00, merchant=merchant)
    assert Payment.objects.get(id=late.id).business_date == today
    assert Refund.objects.get(id=refund.id).business_date == today
    advance(days=2)
    assert read(merchant, today) == closed
    next_day = today + timedelta(days=1)
    lines = SettlementLine.objects.filter(payment_id=late.id)
    assert set(lines.values_list("batch__business_date", flat=True)) == {next_day}
    for rows in (trade_rows, movements):
        assert len(list(rows(merchant, bill_of(merchant, today)))) >= 3
        others = {row.number for row in rows(merchant, bill_of(merchant, next_day))}
        assert late.number not in others
    numbers = [row.number for row in trade_rows(merchant, bill_of(merchant, today))]
    assert numbers.count(late.number) == 2
    months = {day.replace(day=1) for day in (today, next_day)}
    days = [one for month in months for one in six_totals(month=month, now=clock.now())]
    assert {one.batch.business_date: one.other_days_minor for one in days} == {
        today: -(40_00 - 24 - 10_00 + 6),
        next_day: 40_00 - 24 - 10_00 + 6,
    }
    assert all(one.ties for one in days)


def bill_of(merchant: Merchant, day: date) -> Period:
    return period(day.isoformat(), zone=merchant.zone, cutoff_hour=merchant.cutoff_hour)


def read(merchant: Merchant, day: date) -> tuple[object, ...]:
    """The closed day as its batch and the file of its lines have it, but for its payout."""
    batch = SettlementBatch.objects.select_related("merchant").get(
        merchant=merchant, business_date=day
    )
    sums = (batch.payment_count, batch.gross_minor, batch.net_minor, batch.payable_minor)
    return sums, "".join(bill.rows([batch], bill_lines([batch]), bom=False))
