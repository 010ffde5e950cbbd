"""Give parts of a paid trade to others."""

from collections.abc import Sequence

from django.db import transaction

from config.kernel import clock, ids, transactions
from config.kernel.errors import required
from merchants.acceptance import queries as acceptance
from merchants.acceptance.rules import MerchantNotActive
from merchants.onboarding import queries as onboarding
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.find_payee import FoundPayee
from merchants.onboarding.values import AppCredentials
from merchants.splits import queries, rules
from merchants.splits.models import Split, SplitShare
from merchants.splits.usecases.move_shares import move_shares, write_end_event
from merchants.splits.usecases.set_money_aside import finish_set_aside
from merchants.splits.values import Part, SplitState
from wallet import public as wallet

RANDOM_DIGITS = 20


@transactions.atomic_retry
def split_trade(
    *,
    seller: AppCredentials,
    number: str,
    request_no: str,
    parts: Sequence[Part],
    at_once: bool = True,
    ends: bool = False,
    operator: str = "",
    planned: bool = False,
) -> Split:
    """Split a paid trade among bound payees, once for the merchant's number.

    Where the money comes from is said at `queries.split_sources`; it goes
    into wallets or other merchants' balances: now or, where `at_once` is False, by the
    timetable thirty seconds after the payment. All parts move or none. The same number
    with the same content gives the first split again.

    Args:
        seller: who asks.
        number: the trade's 28-digit number.
        request_no: the merchant's own number for this split.
        parts: who gets what; may be empty where the split only `ends` the trade's splitting.
        at_once: whether money moves in this call.
        ends: whether this is the trade's last split.
        operator: who asked, for people.
        planned: whether this is what the sale itself had planned: its money is reserved, so
            no split made meanwhile stands against it.

    Raises:
        TradeNotFound: there is no such trade.
        SplitConflict: the number stands for another split.
        MerchantNotActive: the merchant is not in force.
        SplitNotAllowed: the trade is not paid, its splitting has ended, or it has been
            split the other way (now instead of later, or later instead of now).
        SplitPayeeUnknown, RelationMissing: a payee is nobody, or not bound.
        SplitAmountInvalid: the parts exceed what is left after the fee.
        SplitFundsShort: the merchant's money, less what it owes us, does not cover them.

    Locks: the payment, the merchant, then the ledger accounts in id order.
    """
    payment = acceptance.trade(merchant_id=seller.merchant_id, number=number)
    wallet.locked_payment(payment.id)
    content = [_asked(part) for part in parts]
    earlier = queries.by_request(seller.merchant_id, request_no)
    if earlier is not None:
        return _again(earlier, payment, content, at_once=at_once, ends=ends)
    trade = wallet.payment(payment.id)
    if not seller.may_take_payments:
        raise MerchantNotActive()
    _check_trade(trade)
    if not planned:
        _check_way(trade, request_no, at_once=at_once, ends=ends)
    payees = check_payees(seller, parts)
    rest_minor = queries.standing(trade, with_plan=not planned).rest_minor
    rules.check_parts(parts, rest_minor=rest_minor)
    split = _new(seller, trade, request_no, content, at_once=at_once)
    split.ends, split.operator = ends, operator
    split.amount_minor = sum(part.amount_minor for part in parts)
    # A refusal leaves nothing behind, also where the caller goes on in its transaction.
    with transaction.atomic():
        split.save(force_insert=True)
        _write_shares(split, parts, payees)
        if at_once:
            move_shares(split)
        elif ends:
            finish_set_aside(trade)
    return split


@transactions.atomic_retry
def record_failure(*, seller: AppCredentials, trade: wallet.PaymentView, reason: str) -> Split:
    """Write down that what a sale had planned could not be given, once, and tell of it.

    Locks: the payment.
    """
    wallet.locked_payment(trade.id)
    earlier = queries.by_request(seller.merchant_id, trade.number)
    if earlier is not None:
        return earlier
    split = _new(seller, trade, trade.number, [], at_once=True)
    split.amount_minor = rules.planned(trade.details)
    split.state, split.reason, split.ended_at = SplitState.FAILED, reason[:32], clock.now()
    split.save(force_insert=True)
    write_end_event(split)
    return split


def _asked(part: Part) -> list[object]:
    return [part.payee.named_by.value, part.payee.account, part.amount_minor]


def _again(
    split: Split,
    trade: wallet.PaymentView,
    content: list[list[object]],
    *,
    at_once: bool,
    ends: bool,
) -> Split:
    same = (split.payment_id, split.parts, split.at_once, split.ends)
    if same != (trade.id, content, at_once, ends):
        raise rules.SplitConflict(field="out_request_no")
    return split


def _check_trade(trade: wallet.PaymentView) -> None:
    if trade.status not in queries.SPLITTABLE:
        raise wallet.PaymentNotPaid(status=trade.status.value)
    if queries.is_in_escrow(onboarding.merchant(trade.payee_id), trade):
        raise rules.SplitNotAllowed(reason="in escrow")


def _check_way(trade: wallet.PaymentView, request_no: str, *, at_once: bool, ends: bool) -> None:
    """What was split of the trade before, and what waits, decide how more of it can be."""
    if queries.waiting_plan(trade):
        if request_no == trade.number:
            raise rules.SplitConflict(field="out_request_no")
        if ends:
            raise rules.SplitNotAllowed(reason="planned split waits")
    if queries.is_ended(trade):
        raise rules.SplitNotAllowed(reason="ended")
    before = queries.splits_of(trade.id).exclude(state=SplitState.FAILED)
    if before.exclude(at_once=at_once).exists():
        raise rules.SplitNotAllowed(reason="split the other way before")


def check_payees(seller: AppCredentials, parts: Sequence[Part]) -> list[FoundPayee]:
    """Find who is to get the parts.

    Raises:
        SplitPayeeUnknown, RelationMissing: a payee is nobody, or not bound.
        SplitPayeeIsPayer: it is the seller.
    """
    return [_payee(seller, part) for part in parts]


def _payee(seller: AppCredentials, part: Part) -> FoundPayee:
    payee = queries.new_payee(part.payee)
    rules.check_other(
        merchant=(seller.merchant_id, seller.owner_id),
        payee=(payee.merchant_id, payee.owner_id),
        field="trans_in",
    )
    bound = queries.relations(seller.merchant_id).filter(payee_number=payee.number)
    if not bound.exists():
        raise rules.RelationMissing(field="trans_in", payee=payee.number)
    return payee


def _new(
    seller: AppCredentials,
    trade: wallet.PaymentView,
    request_no: str,
    content: list[list[object]],
    *,
    at_once: bool,
) -> Split:
    now = clock.now()
    paid_at = required(trade.paid_at, "a paid trade was paid at some time")
    return Split(
        merchant=Merchant.objects.get(id=seller.merchant_id),
        payment_id=trade.id,
        trade_number=trade.number,
        trade_reference=trade.reference,
        request_no=request_no,
        number=f"{clock.today(seller.zone):%Y%m%d}{ids.random_digits(RANDOM_DIGITS)}",
        parts=content,
        currency=trade.currency,
        at_once=at_once,
        app_number=seller.app_number,
        state=SplitState.PENDING,
        created_at=now,
        due_at=now if at_once else rules.due_at(paid_at=paid_at, now=now),
    )


def _write_shares(split: Split, parts: Sequence[Part], payees: Sequence[FoundPayee]) -> None:
    for part, payee in zip(parts, payees, strict=True):
        SplitShare.objects.create(
            split=split,
            merchant_id=split.merchant_id,
            payment_id=split.payment_id,
            payee_number=payee.number,
            payee_login=payee.login,
            payee_name=payee.name,
            account_id=payee.account_id,
            amount_minor=part.amount_minor,
            currency=split.currency,
            description=part.description,
        )
