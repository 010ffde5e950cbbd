"""A merchant cannot borrow by refunding, and what it owes is taken before money leaves it.

Sales are made at noon in Shanghai, the fee is 0.60 % and nobody has credit, unless a test
says otherwise.
"""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from config.kernel.outbox import relay
from merchants.acceptance.usecases.cancel import cancel_trade
from merchants.acceptance.usecases.refund import refund_trade
from merchants.exposure import queries
from merchants.exposure.usecases.collect_debt import collect_debt
from merchants.funds.rules import BalanceShort
from merchants.funds.usecases.send_transfer import send_transfer
from merchants.funds.values import Order, Payee, PayeeNamedBy, TransferKind
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.payouts.models import Payout
from merchants.payouts.rules import PayoutStopped
from merchants.payouts.usecases.create_payout import create_payout
from merchants.payouts.usecases.retry_payout import retry_payout
from merchants.settlement.models import SettlementBatch
from merchants.splits.rules import SplitFundsShort
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.factories.exposure import allow_credit, put_into_debt, refund
from tests.factories.funds import balance_minor, give_balance
from tests.factories.settlement import books, make_merchant, make_payer, noon, sell
from tests.factories.splits import bind, refund_with, seller_of, split
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.models import Refund
from wallet.payments.rules import PayeeFundsShort
from wallet.payments.values import RefundOutcome

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def shop() -> Merchant:
    noon()
    return make_merchant()


@pytest.fixture
def li(shop: Merchant) -> WalletUser:
    return make_payer()


def owe(shop: Merchant, amount_minor: int, payer: WalletUser) -> None:
    """Let a shop owe us money: it refunds what has been paid out."""
    trade = sell(shop, amount_minor, payer=payer)
    advance(days=1)
    allow_credit(shop, amount_minor)
    refund(shop, trade, amount_minor)
    allow_credit(shop, 0)


def send(shop: Merchant, amount_minor: int, payee: WalletUser) -> None:
    payee_named = Payee(PayeeNamedBy.NUMBER, payee.user_number)
    order = Order("T1", TransferKind.WALLET, payee_named, amount_minor)
    send_transfer(merchant_id=shop.id, order=order)


def test_a_sale_is_refunded_from_itself_before_it_is_settled(
    shop: Merchant, li: WalletUser
) -> None:
    trade = sell(shop, 12_00, payer=li)
    refund(shop, trade, 5_00)
    refund(shop, trade, 2_00)
    refund(shop, trade, 5_00)
    assert books(shop) == (0, 0, 0)


def test_refunds_after_the_payout_are_refused_and_write_nothing(
    shop: Merchant, li: WalletUser
) -> None:
    trade = sell(shop, 500_00, payer=li)
    advance(days=1)
    with pytest.raises(PayeeFundsShort) as refused:
        refund(shop, trade, 500_00)
    assert refused.value.fields["short_minor"] == 500_00
    assert (books(shop), Refund.objects.count()) == ((0, 0, 0), 0)


def test_a_ceiling_is_lent_to_the_last_fen_and_no_further(shop: Merchant, li: WalletUser) -> None:
    trade = sell(shop, 500_00, payer=li)
    advance(days=1)
    allow_credit(shop, 60_00)
    refund(shop, trade, 60_00)
    with pytest.raises(PayeeFundsShort):
        refund(shop, trade, 1)
    assert books(shop) == (0, 0, 60_00)


def test_new_sales_cover_old_refunds_but_for_their_own_fee(shop: Merchant, li: WalletUser) -> None:
    old = sell(shop, 500_00, payer=li)
    advance(days=1)
    sell(shop, 100_00, payer=li)
    with pytest.raises(PayeeFundsShort):
        refund(shop, old, 99_41)
    refund(shop, old, 99_40)
    advance(days=1)
    assert books(shop)[2] == 0


def test_the_transfer_balance_covers_refunds_too(shop: Merchant, li: WalletUser) -> None:
    trade = sell(shop, 100_00, payer=li)
    advance(days=1)
    give_balance(shop, 100_00)
    refund(shop, trade, 100_00)
    assert (balance_minor(shop), books(shop)[2]) == (0, 0)


def test_a_repeated_refund_is_the_first_one_also_when_the_money_is_gone(
    shop: Merchant, li: WalletUser
) -> None:
    trade = sell(shop, 100_00, payer=li)
    first = refund_with_number(shop, trade.number)
    advance(days=1)
    again = refund_with_number(shop, trade.number)
    assert (first.changed, again.changed) == (True, False)


def refund_with_number(shop: Merchant, number: str) -> RefundOutcome:
    return refund_trade(seller=seller_of(shop), number=number, request_no="R1", amount_minor=40_00)


def test_what_was_split_off_cannot_be_refunded_as_well(shop: Merchant, li: WalletUser) -> None:
    accomplice = make_user()
    bind(shop, accomplice)
    trade = sell(shop, 100_00, payer=li)
    split(shop, trade, accomplice, 99_40)
    for amount_minor in (100_00, 60, 1):
        with pytest.raises(PayeeFundsShort):
            refund(shop, trade, amount_minor)
    advance(days=1)
    assert books(shop) == (0, 0, 0)
    assert verify_ledger().passed


def test_a_refund_that_takes_the_share_back_is_covered(shop: Merchant, li: WalletUser) -> None:
    friend = make_user()
    bind(shop, friend)
    trade = sell(shop, 100_00, payer=li)
    split(shop, trade, friend, 99_40)
    refund_with(shop, trade, friend, 100_00)
    assert (books(shop), available_minor(friend)) == ((0, 0, 0), 0)


def test_a_cancelled_sale_is_judged_like_a_refund(shop: Merchant, li: WalletUser) -> None:
    friend = make_user()
    bind(shop, friend)
    trade = sell(shop, 100_00, payer=li)
    split(shop, trade, friend, 50_00)
    with pytest.raises(PayeeFundsShort):
        cancel_trade(seller=seller_of(shop), number=trade.number)
    sell(shop, 100_00, payer=li)
    assert cancel_trade(seller=seller_of(shop), number=trade.number) is not None


def test_who_owes_splits_nothing(shop: Merchant, li: WalletUser) -> None:
    friend = make_user()
    bind(shop, friend)
    owe(shop, 100_00, li)
    trade = sell(shop, 500_00, payer=li)
    with pytest.raises(SplitFundsShort):
        split(shop, trade, friend, 1_00)
    advance(days=1)
    assert books(shop)[2] == 0


def test_who_owes_transfers_only_what_is_left_after_the_debt(
    shop: Merchant, li: WalletUser
) -> None:
    owe(shop, 100_00, li)
    give_balance(shop, 150_00)
    friend = make_user()
    with pytest.raises(BalanceShort):
        send(shop, 50_01, friend)
    assert (balance_minor(shop), books(shop)[2]) == (150_00, 100_00)
    send(shop, 50_00, friend)
    assert (balance_minor(shop), books(shop)[2], available_minor(friend)) == (0, 0, 50_00)


def test_who_owes_more_than_it_has_transfers_nothing(shop: Merchant, li: WalletUser) -> None:
    owe(shop, 100_00, li)
    give_balance(shop, 99_99)
    with pytest.raises(BalanceShort) as refused:
        send(shop, 10, make_user())
    assert refused.value.fields["owed_minor"] == 1


def test_the_cut_off_collects_from_sales_then_from_the_balance(
    shop: Merchant, li: WalletUser
) -> None:
    owe(shop, 100_00, li)
    give_balance(shop, 30_00)
    sell(shop, 50_00, payer=li)
    advance(days=1)
    # The refund brought a fee of 0.60 back, the sale cost 0.30.
    assert (books(shop), balance_minor(shop)) == ((0, 0, 19_70), 0)
    assert Payout.objects.count() == 1


def test_a_payout_is_made_of_what_the_debt_leaves(shop: Merchant, li: WalletUser) -> None:
    sell(shop, 100_00, payer=li)
    suspend_merchant(merchant_id=shop.id, actor="operator:mia", reason="to hold the payout")
    advance(days=1)
    put_into_debt(shop, 10_00, payer=li)
    approve_merchant(merchant_id=shop.id, requested_by="a", approved_by="b")
    advance(minutes=1)
    assert [payout.amount_minor for payout in Payout.objects.all()] == [89_40]


def test_nothing_is_collected_where_nothing_is_owed(shop: Merchant, li: WalletUser) -> None:
    give_balance(shop, 1_00)
    assert collect_debt(shop) == 0
    assert balance_minor(shop) == 1_00


def test_a_suspended_merchant_is_not_paid_out_until_it_is_back(
    shop: Merchant, li: WalletUser
) -> None:
    sell(shop, 1_000_00, payer=li)
    suspend_merchant(merchant_id=shop.id, actor="operator:mia", reason="fraud")
    advance(days=2)
    assert (books(shop), Payout.objects.count()) == ((0, 994_00, 0), 0)
    with pytest.raises(PayoutStopped):
        create_payout(batch_id=SettlementBatch.objects.get().id)
    approve_merchant(merchant_id=shop.id, requested_by="a", approved_by="b")
    advance(minutes=1)
    assert books(shop) == (0, 0, 0)


def test_a_returned_payout_of_a_suspended_merchant_is_not_tried_again(li: WalletUser) -> None:
    closed = make_merchant(payout_account="6222020200012391")
    sell(closed, 100_00, payer=li)
    advance(days=1)
    suspend_merchant(merchant_id=closed.id, actor="operator:mia", reason="fraud")
    with pytest.raises(PayoutStopped):
        retry_payout(payout_id=Payout.objects.get(merchant=closed).id)


def test_a_suspended_merchant_has_no_credit(shop: Merchant, li: WalletUser) -> None:
    trade = sell(shop, 100_00, payer=li)
    advance(days=1)
    allow_credit(shop, 100_00)
    suspend_merchant(merchant_id=shop.id, actor="operator:mia", reason="fraud")
    with pytest.raises(PayeeFundsShort):
        refund(shop, trade, 1)


def test_the_report_tells_debts_with_their_age_and_sums_them_up(
    shop: Merchant, li: WalletUser
) -> None:
    make_merchant()
    owe(shop, 100_00, li)
    advance(days=8)
    lines = report(1)
    assert [line.get("merchant_id") for line in lines] == [shop.merchant_number, None]
    assert (lines[0]["owed_minor"], lines[0]["age_days"]) == (99_40, "8-30")
    summary = lines[1]["summary"]
    assert (summary["merchants"], summary["owing"], summary["over_ceiling"]) == (2, 1, 1)
    assert summary["currencies"]["CNY"] == {"owed_minor": 99_40, "by_age_days": {"8-30": 99_40}}


def test_the_report_is_quiet_where_nobody_owes(shop: Merchant, li: WalletUser) -> None:
    assert report(0)[0]["summary"]["owing"] == 0
    assert queries.owed_since(shop) is None


def report(exits: int) -> list[dict[str, Any]]:
    """What `manage.py exposure` prints, line by line, and how it ends."""
    relay.drain()
    out = StringIO()
    try:
        call_command("exposure", stdout=out)
        code = 0
    except SystemExit as end:
        code = int(str(end.code))
    assert code == exits
    return [json.loads(line) for line in out.getvalue().splitlines()]
