"""Reading what goes on a bill, a few hundred rows at a time."""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import merge
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery, Sum, TextField
from django.db.models.functions import Cast

from config.kernel import clock
from config.kernel.local_times import utc_column, utc_text
from merchants.bills.models import StoredBill
from merchants.bills.rules import masked, note_of, serial
from merchants.bills.values import BillKind, Movement, Named, Period, TradeRow
from merchants.exposure.queries import terms_of_trade
from merchants.funds.models import BalanceTopup, MerchantTransfer
from merchants.onboarding.models import Merchant, Store
from merchants.onboarding.usecases.open_balance import balance_id
from merchants.settlement.accounts import own_accounts
from merchants.settlement.models import SettlementBatch, SettlementLine
from merchants.settlement.values import UNCALCULATED
from merchants.splits import queries as splits
from merchants.splits.models import SplitReturn, SplitShare
from merchants.terms.queries import FeeBook, fee_book
from merchants.terms.rules import payment_fee
from merchants.terms.values import FeeTerms
from wallet import money
from wallet import public as wallet

T = TypeVar("T")
AT_ONCE = 500
SALES_AT_ONCE = 2000
# How many payers' names are kept in memory while a bill is written.
MOST_PARTIES = 50_000
_SALE = (
    "id", "payer", "number", "reference", "description", "created", "paid",
    "amount_minor", "settled_minor", "method", "business_date", "details_text",
)  # fmt: skip
# Journals of a settled day; their reference is the batch's id.
SETTLED = frozenset({"settlement", "payout", "payout_paid", "payout_returned"})
_TICK = timedelta(microseconds=1)


def is_empty(merchant: Merchant, kind: BillKind, period: Period) -> bool:
    """Whether a bill of that time would list nothing."""
    rows = trade_rows if kind is BillKind.TRADES else movements
    return next(iter(rows(merchant, period)), None) is None


def stored_bill(merchant: Merchant, kind: BillKind, period: Period) -> StoredBill | None:
    """The bill of that time as it was kept."""
    return StoredBill.objects.filter(merchant=merchant, kind=kind, label=period.label).first()


def is_closed(merchant: Merchant, period: Period, *, now: datetime) -> bool:
    """Whether a time is over and each of its days settled: nothing can change on its bill."""
    if now < period.ends_at:
        return False
    waiting = SettlementBatch.objects.filter(
        merchant=merchant, state__in=UNCALCULATED, opens_at__lt=period.ends_at
    )
    return not waiting.exists()


def trade_rows(merchant: Merchant, period: Period) -> Iterator[TradeRow]:
    """The sales and refunds of that time: sales first, each in order, then later splits.

    A split made on the day of its sale stands in the sale's row, one made later in a row of
    its own on its own day.
    """
    stores = dict(Store.objects.filter(merchant=merchant).values_list("code", "name"))
    book = fee_book(merchant)
    begins_at, ends_at = period.begins_at, period.ends_at
    yield from _sales(merchant, book, stores, period)
    refund_rows = wallet.iter_refunds(payee_id=merchant.id, after=begins_at, until=ends_at)
    for refunds in in_parts(refund_rows, AT_ONCE):
        yield from _refunds(refunds, book, stores)
    yield from _later_splits(merchant, stores, period)


def _sales(
    merchant: Merchant, book: FeeBook, stores: dict[str, str], period: Period
) -> Iterator[TradeRow]:
    """A day may have a hundred thousand: columns are read, not rows, and each payer once."""
    begins_at, ends_at = period.begins_at, period.ends_at
    line = SettlementLine.objects.filter(kind="PAYMENT", id=OuterRef("id"))
    paid = wallet.paid_to(payee_id=merchant.id, after=begins_at, until=ends_at).annotate(
        payer=Cast("payer_id", TextField()),
        created=utc_column("created_at"),
        paid=utc_column("paid_at"),
        details_text=Cast("details", TextField()),
        settled_minor=Subquery(line.order_by().values("fee_minor")),
    )
    is_split = splits.moved_between(merchant.id, after=begins_at, until=ends_at).exists()
    parties: dict[str | None, str] = {}
    columns = paid.values_list(*_SALE).iterator(chunk_size=SALES_AT_ONCE)
    for part in in_parts(columns, SALES_AT_ONCE):
        split = _split_of([row[0] for row in part], period) if is_split else {}
        _name_payers({row[1] for row in part}, parties)
        for (
            id_, payer, number, reference, description, created, ended, amount_minor,
            settled_minor, method, on, details,
        ) in part:  # fmt: skip
            fee_minor = settled_minor
            if fee_minor is None:
                fee_minor = payment_fee(amount_minor, book.of(method, on or clock.today()))
            store, operator, till = _place(details)
            yield TradeRow(
                number, reference, "", description, created, ended, store,
                stores.get(store, ""), operator, till, parties[payer], amount_minor,
                -fee_minor, -split.get(id_, 0),
            )  # fmt: skip


def _split_of(ids: list[uuid.UUID], period: Period) -> dict[uuid.UUID, int]:
    """What was split of some payments in that time, in minor units."""
    shares = SplitShare.objects.filter(
        payment_id__in=ids, moved_at__gte=period.begins_at, moved_at__lt=period.ends_at
    )
    return dict(shares.order_by().values_list("payment_id").annotate(total=Sum("amount_minor")))


def _name_payers(payers: set[str | None], parties: dict[str | None, str]) -> None:
    """Add to `parties` how the bill names those payers that are not in it, by their ids' text."""
    if len(parties) > MOST_PARTIES:
        parties.clear()
    new_ids = {text: uuid.UUID(text) for text in payers if text and text not in parties}
    names, phones = wallet.names_of(new_ids.values()), wallet.phones_of(new_ids.values())
    for text, id_ in new_ids.items():
        parties[text] = masked(names.get(id_, ""), phones.get(id_, ""))
    parties[None] = masked("", "")


@lru_cache(maxsize=1024)
def _place(details: str) -> tuple[str, str, str]:
    """Store, operator and till in a payment's details: few tills make all sales of a day."""
    return _place_in(json.loads(details))


def _place_in(details: Mapping[str, object]) -> tuple[str, str, str]:
    values = (details.get(name) for name in ("store_id", "operator_id", "terminal_id"))
    store, operator, till = (value if isinstance(value, str) else "" for value in values)
    return store, operator, till


def _later_splits(merchant: Merchant, stores: dict[str, str], period: Period) -> Iterator[TradeRow]:
    """What was split in that time of trades that were paid before it, a row a split."""
    shares = splits.moved_between(merchant.id, after=period.begins_at, until=period.ends_at)
    for part in in_parts(shares.iterator(chunk_size=AT_ONCE), AT_ONCE):
        sums: dict[uuid.UUID, list[SplitShare]] = {}
        for share in part:
            sums.setdefault(share.split_id, []).append(share)
        payments = {
            view.id: view for view in wallet.payments_by_id({share.payment_id for share in part})
        }
        for moved in sums.values():
            payment = payments[moved[0].payment_id]
            if payment.paid_at is None or payment.paid_at >= period.begins_at:
                continue
            yield _row(
                payment,
                stores,
                {},
                amount_minor=0,
                fee_minor=0,
                split_minor=-sum(share.amount_minor for share in moved),
                split=moved[0],
            )


def _refunds(
    refunds: list[wallet.RefundView], book: FeeBook, stores: dict[str, str]
) -> Iterator[TradeRow]:
    payments = {view.id: view for view in wallet.payments_by_id({r.payment_id for r in refunds})}
    lines = dict(
        SettlementLine.objects.filter(
            kind="REFUND", refund_id__in=[refund.id for refund in refunds]
        ).values_list("refund_id", "fee_minor")
    )
    returned = {
        (payment_id, request_no): total
        for payment_id, request_no, total in SplitReturn.objects.filter(
            payment_id__in=list(payments)
        )
        .order_by()
        .values_list("payment_id", "request_no")
        .annotate(total=Sum("amount_minor"))
    }
    names = wallet.names_of({view.payer_id for view in payments.values() if view.payer_id})
    for refund in refunds:
        payment = payments[refund.payment_id]
        fee_minor = lines.get(refund.id)
        if fee_minor is None:
            fee_minor = _fee_back(payment, refund, terms_of_trade(book, payment))
        yield _row(
            payment,
            stores,
            names,
            refund=refund,
            amount_minor=-refund.amount_minor,
            fee_minor=fee_minor,
            split_minor=returned.get((refund.payment_id, refund.request_no), 0),
        )


def _fee_back(payment: wallet.PaymentView, refund: wallet.RefundView, terms: FeeTerms) -> int:
    """What an unsettled refund is going to bring back of the fee."""
    line = SettlementLine.objects.filter(kind="PAYMENT", id=payment.id).first()
    if terms.kept_on_refund:
        return 0
    fee_minor = payment_fee(payment.amount_minor, terms) if line is None else line.fee_minor
    before_minor = 0
    for other in wallet.refunds_of(payment.id):
        if other.id == refund.id:
            break
        before_minor += other.amount_minor
    paid_minor, after_minor = payment.amount_minor, before_minor + refund.amount_minor
    shares = [
        money.share(fee_minor, [part, paid_minor - part])[0] for part in (before_minor, after_minor)
    ]
    return shares[1] - shares[0]


def _row(
    payment: wallet.PaymentView,
    stores: dict[str, str],
    names: dict[uuid.UUID, str],
    *,
    amount_minor: int,
    fee_minor: int,
    split_minor: int,
    refund: wallet.RefundView | None = None,
    split: SplitShare | None = None,
) -> TradeRow:
    store, operator, till = _place_in(payment.details)
    payer_name = names.get(payment.payer_id, "") if payment.payer_id else ""
    party = masked(payer_name, payment.payer_phone)
    ended_at = payment.paid_at or payment.created_at
    if split is not None:
        party, ended_at = payee_of(split), split.moved_at or ended_at
    return TradeRow(
        number=payment.number,
        reference=payment.reference,
        refund_number="" if refund is None else refund.request_no,
        subject=payment.description,
        created=utc_text(payment.created_at),
        ended=utc_text(ended_at if refund is None else refund.created_at),
        store=store,
        store_name=stores.get(store, ""),
        operator=operator,
        till=till,
        counterparty=party,
        amount_minor=amount_minor,
        fee_minor=fee_minor,
        split_minor=split_minor,
        note="" if refund is None else note_of("refund", refund.reason),
        split_number="" if split is None else split.split.request_no,
    )


def movements(merchant: Merchant, period: Period) -> Iterator[Movement]:
    """What each journal of that time did to what a merchant has, in order.

    Money that only went from one of its accounts to another shows as what that cost: a
    settlement is its fee. The balance after each is not known here.
    """
    hot = {merchant.pending_account_id, balance_id(merchant.id)}
    # Few journals touch payable or the debt: a settlement, a payout, some refunds.
    others: dict[uuid.UUID, Movement] = {}
    streams: list[Iterable[Movement]] = []
    for account_id, sign in own_accounts(merchant):
        changes = _changes(account_id, sign, period)
        if account_id in hot:
            streams.append(changes)
            continue
        for change in changes:
            others[change.journal_id] = _joined(others.get(change.journal_id), change)
    alone = [move for move in others.values() if not _touches(move.journal_id, hot)]
    for move in alone:
        del others[move.journal_id]
    streams.append(sorted(alone, key=_order))
    for change in merge(*streams, key=_order):
        whole = (
            _joined(change, others[change.journal_id]) if change.journal_id in others else change
        )
        if whole.change_minor:
            yield whole


def _order(move: Movement) -> tuple[datetime, int]:
    return move.at, move.id


def _touches(journal_id: uuid.UUID, accounts: Collection[uuid.UUID | None]) -> bool:
    entries = wallet.journal(journal_id).entries.all()
    return any(entry.account_id in accounts for entry in entries)


def _joined(one: Movement | None, other: Movement) -> Movement:
    if one is None:
        return other
    return Movement(
        id=one.id,
        journal_id=one.journal_id,
        kind=one.kind,
        number=one.number,
        note=one.note,
        at=one.at,
        change_minor=one.change_minor + other.change_minor,
    )


def _changes(account_id: uuid.UUID, sign: int, period: Period) -> Iterator[Movement]:
    lines = wallet.entries_between(account_id, period.begins_at - _TICK, period.ends_at - _TICK)
    for line in lines:
        yield Movement(
            id=line.entry_id,
            journal_id=line.journal_id,
            kind=line.kind,
            number=line.reference,
            note=line.narrative,
            at=line.posted_at,
            change_minor=sign * line.change_minor,
        )


def named(merchant: Merchant, moved: Sequence[Movement]) -> Named:
    """The merchant's own numbers, subjects and counterparties of some movements, by journal."""
    naming = Named()
    by_number: dict[str, list[uuid.UUID]] = {}
    for movement in moved:
        by_number.setdefault(movement.number, []).append(movement.journal_id)
    payments = wallet.payments_by_numbers(payee_id=merchant.id, numbers=set(by_number))
    names = wallet.names_of({view.payer_id for view in payments if view.payer_id})
    for view in payments:
        payer = names.get(view.payer_id, "") if view.payer_id else ""
        for journal_id in by_number[view.number]:
            naming.references[journal_id] = view.reference
            naming.subjects[journal_id] = view.description
            naming.counterparties[journal_id] = masked(payer, view.payer_phone)
    _name_splits(merchant, {movement.journal_id for movement in moved}, naming)
    for sent in MerchantTransfer.objects.filter(number__in=by_number).select_related("merchant"):
        for journal_id in by_number[sent.number]:
            _name_transfer(merchant, sent, journal_id, naming)
    _name_own(merchant, moved, naming)
    return naming


def _name_splits(merchant: Merchant, journals: set[uuid.UUID], names: Named) -> None:
    """Shares and what came back of them: the payee is the other side, or the giver is."""
    for share in SplitShare.objects.filter(journal_id__in=journals).select_related("merchant"):
        if share.journal_id is not None:
            own = share.merchant_id == merchant.id
            names.counterparties[share.journal_id] = payee_of(share) if own else giver_of(share)
    returns = SplitReturn.objects.filter(journal_id__in=journals)
    for back in returns.select_related("share__merchant"):
        own = back.share.merchant_id == merchant.id
        party = payee_of(back.share) if own else giver_of(back.share)
        names.counterparties[back.journal_id] = party


def _name_transfer(
    merchant: Merchant, sent: MerchantTransfer, journal_id: uuid.UUID, names: Named
) -> None:
    """A transfer of the merchant's own, or one that it was sent."""
    if sent.merchant_id != merchant.id:
        names.counterparties[journal_id] = masked(sent.merchant.name, sent.merchant.merchant_number)
        return
    names.references[journal_id] = sent.reference
    names.subjects[journal_id] = sent.title
    names.counterparties[journal_id] = masked(sent.payee_name, sent.identity)


def _name_own(merchant: Merchant, moved: Sequence[Movement], names: Named) -> None:
    """Movements of the merchant's own: numbers that people can read, instead of ours."""
    topups = BalanceTopup.objects.filter(journal_id__in=[one.journal_id for one in moved])
    for topup in topups:
        names.numbers[topup.journal_id] = serial(
            topup.id, topup.created_at.astimezone(ZoneInfo(merchant.zone))
        )
        names.references[topup.journal_id] = topup.request_key
    ids = {one.number: one.journal_id for one in moved if one.kind in SETTLED}
    batches = {str(row.id): row for row in SettlementBatch.objects.filter(id__in=ids)}
    for movement in moved:
        batch = batches.get(movement.number)
        if batch is not None:
            names.numbers[movement.journal_id] = f"{batch.business_date:%Y%m%d}{batch.currency}"


def payee_of(share: SplitShare) -> str:
    """How a bill names who got a share."""
    return masked(share.payee_name, share.payee_login or share.payee_number)


def giver_of(share: SplitShare) -> str:
    """How a payee's bill names the merchant that gave it a share."""
    return masked(share.merchant.name, share.merchant.merchant_number)


def in_parts(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut a stream into lists of a size."""
    rest = iter(rows)
    while part := list(islice(rest, size)):
        yield part
