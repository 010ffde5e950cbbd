"""A merchant's day is settled once, to the fen, whatever happened in it.

Sales are made at noon in Shanghai; the merchant's cut-off is at midnight and the fee is
0.60 %, unless a test says otherwise.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from config.kernel import clock, timetable
from config.kernel.errors import InvariantBroken
from config.kernel.ids import uuid7
from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent
from merchants.exposure.usecases.cover_refund import cover_refund
from merchants.onboarding.models import Merchant
from merchants.settlement import queries, rules
from merchants.settlement.accounts import accounts_of
from merchants.settlement.models import FeeRule, SettlementBatch, SettlementLine
from merchants.settlement.usecases.calculate_batch import calculate_batch
from merchants.settlement.usecases.collect_lines import collect_lines, payment_line
from merchants.settlement.usecases.cut_off_batch import cut_off_batch
from merchants.settlement.usecases.keep_fee_rule import FeeRules
from merchants.settlement.usecases.mark_batch import mark_batch
from merchants.settlement.usecases.open_batch import open_batch
from merchants.settlement.usecases.open_days import open_days
from merchants.settlement.usecases.settle_batch import settle_batch
from merchants.settlement.usecases.settle_due import settle_due
from merchants.settlement.values import BatchState
from tests.factories.accounts import PIN
from tests.factories.clock import advance
from tests.factories.funds import balance_minor, give_balance
from tests.factories.settlement import books, give_back, held, make_merchant, make_payer, noon, sell
from wallet.accounts.models import WalletUser
from wallet.ledger import queries as ledger
from wallet.payments.models import Payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.values import PayeeKind, PayRequest

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def today() -> date:
    return noon()


@pytest.fixture
def baozi(today: date) -> Merchant:
    return make_merchant()


@pytest.fixture
def li(today: date) -> WalletUser:
    return make_payer()


def settled(merchant: Merchant, day: date) -> SettlementBatch:
    """Settle the merchant's batch of a day, without paying it out."""
    batch = SettlementBatch.objects.get(merchant=merchant, business_date=day)
    return settle_batch(batch_id=batch.id)


def revenue() -> int:
    return held(ledger.account_id("revenue:mdr"))


def test_a_payment_opens_the_batch_of_its_day(baozi: Merchant, li: WalletUser, today: date) -> None:
    sell(baozi, 12_00, payer=li)
    batch = SettlementBatch.objects.get()
    assert (batch.business_date, batch.state, batch.currency) == (today, BatchState.OPEN, "CNY")
    assert queries.next_cut_off() == batch.closes_at


def test_nets_sales_less_fees_into_payable(baozi: Merchant, li: WalletUser, today: date) -> None:
    before = revenue()
    sell(baozi, 100_00, payer=li)
    sell(baozi, 50_01, payer=li)
    batch = settled(baozi, today)
    assert (batch.payment_count, batch.gross_minor, batch.fee_minor) == (2, 150_01, 90)
    assert (batch.net_minor, batch.payable_minor) == (149_11, 149_11)
    assert books(baozi) == (0, 149_11, 0)
    assert revenue() - before == 90


def test_writes_one_journal(baozi: Merchant, li: WalletUser, today: date) -> None:
    sell(baozi, 100_00, payer=li)
    batch = settled(baozi, today)
    journals = ledger.journals_for(str(batch.id))
    assert [journal.id for journal in journals] == [batch.journal_id]
    assert ledger.trial_balance() == {"CNY": 0}


def test_settling_twice_changes_nothing(baozi: Merchant, li: WalletUser, today: date) -> None:
    sell(baozi, 100_00, payer=li)
    first = settled(baozi, today)
    again = settled(baozi, today)
    assert (again.calculated_at, again.journal_id) == (first.calculated_at, first.journal_id)
    assert SettlementLine.objects.count() == 1
    assert books(baozi) == (0, 99_40, 0)


def test_an_open_batch_cannot_be_calculated(baozi: Merchant, li: WalletUser) -> None:
    sell(baozi, 100_00, payer=li)
    with pytest.raises(rules.BatchStateForbids):
        calculate_batch(batch_id=SettlementBatch.objects.get().id)


def test_a_batch_that_is_not_there_is_not_found() -> None:
    with pytest.raises(queries.BatchNotFound):
        cut_off_batch(batch_id=uuid7())
    with pytest.raises(queries.BatchNotFound):
        settle_batch(batch_id=uuid7())


def test_a_refund_of_the_same_day_brings_its_fee_back(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    payment = sell(baozi, 100_00, payer=li)
    give_back(payment, 100_00, merchant=baozi)
    batch = settled(baozi, today)
    assert (batch.gross_minor, batch.refunded_minor, batch.fee_minor) == (100_00, 100_00, 0)
    assert (batch.state, batch.journal_id) == (BatchState.PAID, None)
    assert books(baozi) == (0, 0, 0)


def test_partial_refunds_on_later_days_bring_back_the_fee_exactly(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    payment = sell(baozi, 3_00, payer=li)
    sell(baozi, 50_00, payer=li)
    fees = [settled_next_day(baozi, today).fee_minor]
    for number in range(1, 4):
        sell(baozi, 10_00, payer=li)
        give_back(payment, 1_00, merchant=baozi)
        fees.append(settled_next_day(baozi, today + timedelta(days=number)).fee_minor)
    assert fees == [2 + 30, 6 - 1, 6 - 0, 6 - 1]


def settled_next_day(merchant: Merchant, day: date) -> SettlementBatch:
    """Settle a day at the next noon."""
    advance(days=1)
    batch = SettlementBatch.objects.get(merchant=merchant, business_date=day)
    assert batch.calculated_at is not None
    return batch


def test_a_refund_after_payout_is_owed_and_repaid_by_the_next_sales(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    payment = sell(baozi, 100_00, payer=li)
    advance(days=1)
    give_back(payment, 60_00, merchant=baozi)
    assert books(baozi) == (0, 0, 60_00)
    second = settled_next_day(baozi, today + timedelta(days=1))
    assert (second.net_minor, second.taken_minor) == (-59_64, 60_00)
    # What the refund brought back of the fee repays a first part of what is owed.
    assert (second.payable_minor, second.state) == (0, BatchState.PAID)
    assert books(baozi) == (0, 0, 59_64)
    sell(baozi, 100_00, payer=li)
    third = settled_next_day(baozi, today + timedelta(days=2))
    assert (third.net_minor, third.receivable_minor, third.payable_minor) == (99_40, 59_64, 39_76)
    assert books(baozi) == (0, 0, 0)


def test_a_refund_between_cut_off_and_settlement_is_carried(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    payment = sell(baozi, 100_00, payer=li)
    batch = SettlementBatch.objects.get()
    cut_off_batch(batch_id=batch.id)
    give_back(payment, 30_00, merchant=baozi)
    first = calculate_batch(batch_id=batch.id)
    assert (first.net_minor, first.carried_minor, first.payable_minor) == (99_40, 30_00, 69_40)
    second = SettlementBatch.objects.get(business_date=today + timedelta(days=1))
    advance(days=2)
    second.refresh_from_db()
    assert (second.brought_minor, second.net_minor, second.carried_minor) == (30_00, -29_82, 0)
    assert second.payable_minor == 18
    assert books(baozi) == (0, 0, 0)


def test_closing_a_day_by_hand_leaves_later_sales_to_the_next_batch(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    sell(baozi, 10_00, payer=li)
    settled(baozi, today)
    sell(baozi, 20_00, payer=li)
    later = SettlementBatch.objects.get(state=BatchState.OPEN)
    assert later.business_date == today + timedelta(days=1)
    advance(days=2)
    later.refresh_from_db()
    assert (later.gross_minor, books(baozi)) == (20_00, (0, 0, 0))


def test_a_day_to_come_cannot_be_cut_off(baozi: Merchant, today: date) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    batch = open_batch(merchant_id=baozi.id, currency="CNY", occurred_at=tomorrow)
    with pytest.raises(rules.DayNotBegun):
        cut_off_batch(batch_id=batch.id)


def test_a_payment_whose_news_came_late_is_settled_with_the_next_day(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    sell(baozi, 10_00, payer=li)
    batch = SettlementBatch.objects.get()
    SettlementBatch.objects.filter(id=batch.id).update(closes_at=clock.now())
    sell(baozi, 20_00, payer=li, hear=False)
    settle_batch(batch_id=batch.id)
    advance(days=2)
    assert sorted(SettlementLine.objects.values_list("amount_minor", flat=True)) == [10_00, 20_00]
    assert books(baozi) == (0, 0, 0)


def test_earlier_days_are_settled_first(baozi: Merchant, li: WalletUser, today: date) -> None:
    noon_of = {number: clock.now() + timedelta(days=number) for number in (-1, 0)}
    for moment in noon_of.values():
        open_batch(merchant_id=baozi.id, currency="CNY", occurred_at=moment)
    sell(baozi, 10_00, payer=li)
    settled(baozi, today)
    states = SettlementBatch.objects.order_by("business_date").values_list("state", flat=True)
    assert list(states) == [BatchState.PAID, BatchState.CALCULATED]


def test_a_change_of_fee_is_a_new_version_of_the_rule(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    sell(baozi, 100_00, payer=li)
    settled(baozi, today)
    Merchant.objects.filter(id=baozi.id).update(fee_bps=38)
    sell(baozi, 100_00, payer=li)
    advance(days=2)
    assert list(FeeRule.objects.order_by("version").values_list("version", "fee_bps")) == [
        (1, 60),
        (2, 38),
    ]
    fees = SettlementLine.objects.order_by("occurred_at").values_list("fee_minor", flat=True)
    assert list(fees) == [60, 38]


def test_a_batch_above_the_limit_waits_for_approval(
    baozi: Merchant, li: WalletUser, today: date, settings: Settings
) -> None:
    settings.SAOMA_SETTLEMENT_APPROVAL_MINOR = 5000
    sell(baozi, 100_00, payer=li)
    assert settled(baozi, today).state == BatchState.AWAITING_APPROVAL


def test_the_timetable_settles_each_merchant_at_its_own_cut_off(
    li: WalletUser, today: date
) -> None:
    early, late = make_merchant(cutoff_hour=15), make_merchant(cutoff_hour=3)
    for merchant in (early, late):
        sell(merchant, 10_00, payer=li)
    advance(hours=4)
    states = dict(SettlementBatch.objects.values_list("merchant_id", "state"))
    assert (states[early.id], states[late.id]) == (BatchState.PAID, BatchState.OPEN)
    advance(hours=12)
    assert SettlementBatch.objects.get(merchant=late).state == BatchState.PAID


def test_nothing_is_due_where_nothing_was_sold(baozi: Merchant) -> None:
    assert queries.next_cut_off() is None
    assert settle_due(now=clock.now()) == 0
    assert "settlement.cut_off" in timetable.names()


def test_one_merchants_trouble_does_not_keep_the_others_waiting(
    li: WalletUser, today: date
) -> None:
    first, second = make_merchant(), make_merchant()
    for merchant in (first, second):
        sell(merchant, 10_00, payer=li)
    # A day that has not begun cannot be closed: this batch will not settle.
    SettlementBatch.objects.filter(merchant=first).update(
        opens_at=clock.now() + timedelta(days=9), closes_at=clock.now() + timedelta(days=10)
    )
    assert settle_due(now=clock.now() + timedelta(days=20)) == 1


def test_settling_tells_the_others(baozi: Merchant, li: WalletUser, today: date) -> None:
    sell(baozi, 100_00, payer=li)
    batch = settled(baozi, today)
    told = OutboxEvent.objects.get(topic="settlement.settled")
    assert told.payload == {"batch_id": str(batch.id), "payable_minor": 99_40}


def test_the_database_holds_a_payment_to_one_line(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    sell(baozi, 100_00, payer=li)
    settled(baozi, today)
    line = SettlementLine.objects.get()
    line.id = uuid7()
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)


def test_the_database_holds_a_batch_to_its_sums(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    sell(baozi, 100_00, payer=li)
    settled(baozi, today)
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementBatch.objects.update(net_minor=1)


def test_news_of_what_an_operator_has_settled_opens_nothing(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    payment = sell(baozi, 100_00, payer=li, hear=False)
    give_back(payment, 10_00, merchant=baozi, hear=False)
    open_days(merchant=baozi, until=today)
    settled(baozi, today)
    relay.drain()
    assert SettlementBatch.objects.count() == 1


def test_what_people_are_paid_is_not_settled(li: WalletUser, today: date) -> None:
    friend = make_payer()
    created = create_payment(
        request=PayRequest(
            payee_id=friend.id,
            payee_account_id=friend.available_account_id,
            payee_name=friend.name,
            reference="dinner",
            description="dinner",
            amount_minor=20_00,
            currency="CNY",
            expires_at=clock.now() + timedelta(minutes=5),
            details={},
            payee_kind=PayeeKind.USER,
        ),
        payer_id=li.id,
    )
    paid = confirm_payment(payment_id=created.payment.id, payer_id=li.id, pin=PIN).payment
    refund_payment(payment_id=paid.id, request_no="back", amount_minor=5_00)
    relay.drain()
    assert SettlementBatch.objects.count() == 0


def test_marking_a_batch_again_changes_nothing(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    sell(baozi, 100_00, payer=li)
    batch = settled(baozi, today)
    for _ in range(2):
        assert mark_batch(batch_id=batch.id, state=BatchState.PAYING).state == BatchState.PAYING


def test_a_day_without_a_journal_agrees_with_the_ledger(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    give_back(sell(baozi, 100_00, payer=li), 100_00, merchant=baozi)
    booked = queries.booked([settled(baozi, today)])
    assert (booked.net_minor, booked.fee_minor) == (0, 0)


def test_a_refund_out_of_the_balance_agrees_with_the_ledger(
    baozi: Merchant, li: WalletUser, today: date
) -> None:
    payment = sell(baozi, 100_00, payer=li)
    advance(days=1)
    give_balance(baozi, 80_00)
    refund_payment(payment_id=payment.id, request_no="b", amount_minor=60_00, cover=cover_refund)
    relay.drain()
    batch = settled_next_day(baozi, today + timedelta(days=1))
    booked = queries.booked([batch])
    assert balance_minor(baozi) == 20_00
    assert (
        (booked.net_minor, booked.fee_minor) == (batch.net_minor, batch.fee_minor) == (-59_64, -36)
    )


class TestWhatCannotBe:
    """Our own bugs stop the work instead of paying somebody wrongly."""

    def test_lines_of_a_batch_that_is_not_cut_off(self, baozi: Merchant, li: WalletUser) -> None:
        sell(baozi, 100_00, payer=li)
        batch = SettlementBatch.objects.get()
        with pytest.raises(InvariantBroken):
            collect_lines(batch, Payment.objects.all(), [], FeeRules(baozi))

    def test_a_merchant_without_accounts(self, baozi: Merchant) -> None:
        baozi.payable_account_id = None
        with pytest.raises(InvariantBroken):
            accounts_of(baozi)

    def test_a_refund_whose_payment_nobody_knows(
        self, baozi: Merchant, li: WalletUser, today: date
    ) -> None:
        give_back(sell(baozi, 100_00, payer=li), 10_00, merchant=baozi)
        Payment.objects.update(paid_at=clock.now() - timedelta(days=90))
        batch = SettlementBatch.objects.get()
        cut_off_batch(batch_id=batch.id)
        with pytest.raises(InvariantBroken):
            calculate_batch(batch_id=batch.id)

    def test_a_paid_payment_without_a_journal(self, baozi: Merchant, li: WalletUser) -> None:
        unpaid = replace(sell(baozi, 100_00, payer=li), journal_id=None)
        with pytest.raises(InvariantBroken):
            payment_line(unpaid, baozi, FeeRules(baozi))
