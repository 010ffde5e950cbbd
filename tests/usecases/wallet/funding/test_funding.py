"""Funding: the balance, savings and pay-later pay in one journal or not at all."""

from datetime import timedelta

import pytest

from config.kernel import clock
from merchants.onboarding.models import Merchant
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.clock import advance
from tests.factories.funding import make_saver, owed_minor
from tests.factories.settlement import give_back, make_merchant, noon, sell
from wallet.accounts.usecases.close_user import WalletNotEmpty, close_user
from wallet.funding import queries, rules
from wallet.funding.models import Bill, CreditLine, FundingUse, LoanEntry
from wallet.funding.usecases.choose_sources import apply_for_line, offers_for, set_order
from wallet.funding.usecases.repay_debt import repay_debt
from wallet.funding.usecases.save_money import move_savings
from wallet.funding.values import BillState, LineState, SavingsKind
from wallet.ledger.rules import InsufficientFunds
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Merchant:
    noon()
    return make_merchant()


def test_a_payment_comes_from_all_sources_in_one_journal_and_goes_back_in_reverse(
    shop: Merchant,
) -> None:
    payer = make_saver(balance_minor=30_00, saved_minor=50_00)
    sale = sell(shop, 100_00, payer=payer)
    uses = FundingUse.objects.filter(payment_id=sale.id).order_by("position")
    assert [(use.source, use.amount_minor) for use in uses] == [
        ("BALANCE", 30_00),
        ("SAVINGS", 50_00),
        ("CREDIT", 20_00),
    ]
    give_back(sale, 60_00, merchant=shop)
    assert (available_minor(payer), queries.savings_minor(payer.id)) == (0, 40_00)
    assert owed_minor(payer) == 0
    give_back(sale, 40_00, merchant=shop)
    assert (available_minor(payer), queries.savings_minor(payer.id)) == (30_00, 50_00)
    assert verify_ledger().passed


def test_a_payment_that_the_balance_covers_touches_no_source(shop: Merchant) -> None:
    payer = make_saver(balance_minor=30_00, saved_minor=50_00)
    sell(shop, 30_00, payer=payer)
    assert not FundingUse.objects.exists()
    assert queries.savings_minor(payer.id) == 50_00


def test_sources_that_fall_short_together_give_nothing(shop: Merchant) -> None:
    payer = make_saver(balance_minor=30_00, saved_minor=50_00)
    with pytest.raises(InsufficientFunds):
        sell(shop, 80_01 + rules.LINE_LIMIT_MINOR, payer=payer)
    assert (available_minor(payer), queries.savings_minor(payer.id)) == (30_00, 50_00)
    assert (owed_minor(payer), LoanEntry.objects.count()) == (0, 0)


def test_the_payer_orders_the_sources_and_leaves_one_out(shop: Merchant) -> None:
    payer = make_saver(balance_minor=10_00, saved_minor=50_00)
    set_order(user_id=payer.id, sources=["CREDIT", "SAVINGS"])
    sell(shop, 25_00, payer=payer)
    assert (owed_minor(payer), queries.savings_minor(payer.id)) == (15_00, 50_00)
    set_order(user_id=payer.id, sources=["SAVINGS"])
    with pytest.raises(InsufficientFunds):
        sell(shop, 50_01, payer=payer)
    with pytest.raises(rules.SourcesInvalid):
        set_order(user_id=payer.id, sources=["SAVINGS", "SAVINGS"])


def test_a_refund_of_what_was_repaid_comes_to_the_balance(shop: Merchant) -> None:
    payer = make_saver(balance_minor=10_00, saved_minor=20_00)
    set_order(user_id=payer.id, sources=["CREDIT"])
    sale = sell(shop, 30_00, payer=payer)
    move_savings(user_id=payer.id, key="out", kind=SavingsKind.REDEEM, amount_minor=20_00)
    repay_debt(user_id=payer.id, key="early", amount_minor=15_00)
    give_back(sale, 20_00, merchant=shop)
    assert (owed_minor(payer), available_minor(payer)) == (0, 20_00)
    assert verify_ledger().passed


def test_a_bill_falls_due_costs_a_fee_freezes_the_line_and_is_repaid_once(shop: Merchant) -> None:
    payer = make_saver(balance_minor=0, saved_minor=60_00)
    set_order(user_id=payer.id, sources=["CREDIT"])
    sell(shop, 45_00, payer=payer)
    bill = Bill.objects.get(state=BillState.OPEN)
    advance(seconds=(bill.due_at - clock.now()).total_seconds())  # type: ignore[operator]
    bill.refresh_from_db()
    assert bill.state == BillState.BILLED
    advance(days=rules.DUE_AFTER / timedelta(days=1))
    line = CreditLine.objects.get(user_id=payer.id)
    assert (line.state, line.owed_minor) == (LineState.FROZEN, 50_00)
    with pytest.raises(InsufficientFunds):
        sell(shop, 1_00, payer=payer)
    move_savings(user_id=payer.id, key="back", kind=SavingsKind.REDEEM, amount_minor=60_00)
    with pytest.raises(rules.RepayTooMuch):
        repay_debt(user_id=payer.id, key="all", amount_minor=50_01)
    for _ in range(2):
        line, _ = repay_debt(user_id=payer.id, key="all", amount_minor=50_00)
    assert (line.state, line.owed_minor) == (LineState.ACTIVE, 0)
    assert available_minor(payer) == 10_00
    assert sum(LoanEntry.objects.values_list("change_minor", flat=True)) == 0
    assert verify_ledger().passed


def test_an_order_of_savings_moves_once_for_its_key(shop: Merchant) -> None:
    payer = make_saver(balance_minor=30_00, line=False)
    for _ in range(2):
        move_savings(user_id=payer.id, key="k", kind=SavingsKind.DEPOSIT, amount_minor=20_00)
    assert queries.savings_minor(payer.id) == 20_00
    with pytest.raises(rules.KeyConflict):
        move_savings(user_id=payer.id, key="k", kind=SavingsKind.DEPOSIT, amount_minor=1_00)
    with pytest.raises(InsufficientFunds):
        move_savings(user_id=payer.id, key="r", kind=SavingsKind.REDEEM, amount_minor=20_01)


def test_no_line_for_the_unproven_no_offer_without_consent_no_closing_with_savings(
    shop: Merchant,
) -> None:
    stranger = make_user(kyc_tier=1)
    with pytest.raises(rules.LineRefused):
        apply_for_line(user_id=stranger.id)
    with pytest.raises(rules.ConsentNeeded):
        offers_for(stranger.id)
    payer = make_saver(balance_minor=0, saved_minor=5_00, line=False)
    with pytest.raises(WalletNotEmpty):
        close_user(user_id=payer.id, pin=PIN)


def test_who_has_no_line_repays_none() -> None:
    with pytest.raises(rules.NoLine):
        repay_debt(user_id=make_user(balance_minor=10_00).id, key="r", amount_minor=1_00)
