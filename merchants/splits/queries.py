"""Reading splits: who is bound, what was split, what is left."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import F, QuerySet, Sum

from config.kernel.due_times import Earliest
from merchants.escrow import queries as escrows
from merchants.exposure import queries as exposure
from merchants.onboarding import queries as onboarding
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.find_payee import FoundPayee, find_payee
from merchants.splits import rules
from merchants.splits.models import SetAside, Split, SplitRelation, SplitReturn, SplitShare
from merchants.splits.values import Named, NamedBy, SplitState, Standing
from merchants.terms.queries import FeeBook, fee_book
from merchants.terms.rules import fee_left
from wallet.public import PaymentStatus, PaymentView, payments_with

SPLITTABLE = (PaymentStatus.PAID, PaymentStatus.FINISHED)


def new_payee(payee_name: Named) -> FoundPayee:
    """Whoever is meant, and can be paid.

    Raises:
        SplitPayeeUnknown: nobody, or somebody who has closed their wallet or their shop.
    """
    found_payee = payee(payee_name)
    if found_payee.is_closed:
        raise rules.SplitPayeeUnknown(field="account")
    return found_payee


def payee(payee_name: Named) -> FoundPayee:
    """Whoever is meant, be it somebody who has left.

    Raises:
        SplitPayeeUnknown: nobody.
    """
    by_number = payee_name.named_by is NamedBy.NUMBER
    found_payee = find_payee(
        number=payee_name.account if by_number else "",
        login="" if by_number else payee_name.account,
    )
    if found_payee is None:
        raise rules.SplitPayeeUnknown(field="account")
    return found_payee


def planned_among(payment_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of some payments that were sold with a split planned."""
    return payments_with(payment_ids, detail=rules.PLAN)


def relations(merchant_id: uuid.UUID) -> QuerySet[SplitRelation]:
    """The payees that a merchant has bound, in the order of binding."""
    return SplitRelation.objects.filter(merchant_id=merchant_id, unbound_at__isnull=True)


def by_request(merchant_id: uuid.UUID, request_no: str) -> Split | None:
    """A merchant's split by its own number."""
    return Split.objects.filter(merchant_id=merchant_id, request_no=request_no).first()


def split(
    *, merchant_id: uuid.UUID, number: str = "", request_no: str = "", trade_number: str = ""
) -> Split:
    """A merchant's split by our number, or by its own and the trade's.

    Raises:
        SplitUnknown: there is none, or it is another merchant's.
    """
    rows = Split.objects.filter(merchant_id=merchant_id)
    if number:
        rows = rows.filter(number=number)
    else:
        rows = rows.filter(request_no=request_no, trade_number=trade_number)
    row = rows.first()
    if row is None:
        raise rules.SplitUnknown()
    return row


def splits_of(payment_id: uuid.UUID) -> QuerySet[Split]:
    """The splits of a trade, oldest first."""
    return Split.objects.filter(payment_id=payment_id).order_by("created_at", "id")


def moved_shares(payment_id: uuid.UUID) -> QuerySet[SplitShare]:
    """The shares of a trade that have moved, oldest first, their splits fetched along."""
    rows = SplitShare.objects.filter(payment_id=payment_id, moved_at__isnull=False)
    return rows.select_related("split").order_by("moved_at", "id")


def returns_of(payment_id: uuid.UUID) -> QuerySet[SplitReturn]:
    """What came back of a trade's shares, oldest first, the shares fetched along."""
    rows = SplitReturn.objects.filter(payment_id=payment_id)
    return rows.select_related("share__split").order_by("created_at", "id")


def returns_with(payment_id: uuid.UUID, request_no: str) -> QuerySet[SplitReturn]:
    """What came back of a trade's shares with one refund, the shares fetched along."""
    return returns_of(payment_id).filter(request_no=request_no)


def standing(trade: PaymentView, *, with_plan: bool = True) -> Standing:
    """What a split of a trade rests on. Read under the trade's lock to be sure of it.

    What its payment planned to give to others and has not given yet counts as split, unless
    it is that plan that asks.
    """
    live = SplitShare.objects.filter(payment_id=trade.id).exclude(split__state=SplitState.FAILED)
    gone = live.aggregate(total=Sum(F("amount_minor") - F("returned_minor")))["total"]
    planned_minor = waiting_plan(trade) if with_plan else 0
    return Standing(
        paid_minor=trade.amount_minor,
        refunded_minor=trade.refunded_minor,
        fee_minor=fee_left(
            paid_minor=trade.amount_minor,
            refunded_minor=trade.refunded_minor,
            terms=exposure.terms_of_trade(fee_book(onboarding.merchant(trade.payee_id)), trade),
        ),
        split_minor=int(gone or 0) + planned_minor,
    )


def waiting_plan(trade: PaymentView) -> int:
    """What a sale said it would give to others and has not yet, in minor units."""
    planned_minor = rules.planned(trade.details)
    if not planned_minor or by_request(trade.payee_id, trade.number) is not None:
        return 0
    return planned_minor


def may_still_be_split(trades: Collection[PaymentView], *, book: FeeBook) -> dict[uuid.UUID, int]:
    """What of each trade may still go to others, plans included; trades without are left out.

    In minor units. It asks a few times for all of them.
    """
    ids = [trade.id for trade in trades if trade.status in SPLITTABLE]
    ended = set(
        Split.objects.filter(payment_id__in=ids, ends=True)
        .exclude(state=SplitState.FAILED)
        .values_list("payment_id", flat=True)
    )
    live = SplitShare.objects.filter(payment_id__in=ids).exclude(split__state=SplitState.FAILED)
    left = F("amount_minor") - F("returned_minor")
    gone = dict(live.order_by().values_list("payment_id").annotate(total=Sum(left)))
    rests = {}
    for trade in trades:
        if trade.id in ended or trade.status not in SPLITTABLE:
            continue
        fee_minor = fee_left(
            paid_minor=trade.amount_minor,
            refunded_minor=trade.refunded_minor,
            terms=exposure.terms_of_trade(book, trade),
        )
        kept_minor = trade.amount_minor - trade.refunded_minor - fee_minor
        rest_minor = kept_minor - int(gone.get(trade.id, 0))
        if rest_minor > 0:
            rests[trade.id] = rest_minor
    return rests


def ever_bound(merchant_id: uuid.UUID) -> bool:
    """Whether a merchant has ever bound a payee: one that has not splits nothing."""
    return SplitRelation.objects.filter(merchant_id=merchant_id).exists()


def set_aside(payment_id: uuid.UUID) -> SetAside | None:
    """What is set aside for a trade."""
    return SetAside.objects.filter(payment_id=payment_id, released_at__isnull=True).first()


def set_aside_for(merchant_id: uuid.UUID, *, but: uuid.UUID | None = None) -> int:
    """What of a merchant's payable is set aside, in minor units; `but` one trade's."""
    rows = SetAside.objects.filter(merchant_id=merchant_id, released_at__isnull=True)
    if but is not None:
        rows = rows.exclude(payment_id=but)
    return int(rows.aggregate(total=Sum("left_minor"))["total"] or 0)


# When the next sum that is set aside has waited long enough.
next_release = Earliest(
    lambda: SetAside.objects.filter(released_at__isnull=True, queued_at__isnull=True), "until"
)


def releases_due(now: datetime) -> QuerySet[SetAside]:
    """What has waited long enough by `now` and whose settlement nobody has made sure of."""
    return SetAside.objects.filter(until__lte=now, released_at__isnull=True, queued_at__isnull=True)


def split_sources(merchant: Merchant, trade: PaymentView) -> dict[uuid.UUID, int]:
    """What each of a merchant's accounts can give of a trade, in order, in minor units.

    An unsettled trade is split from the unsettled sales, less the fees that they will cost;
    then, as a settled one, from what is ready for payout (its own set-aside sum is; those of
    other trades are not touched) and from the merchant's balance, less what the merchant owes
    us; nothing, where these do not cover that. What other trades sold since is never taken
    for a settled one. Sure only where the caller holds the merchant's row.
    """
    accounts, settled = exposure.accounts_of(merchant), exposure.settled_funds(merchant)
    if settled.owed_minor:
        return {}
    unsettled = exposure.is_unsettled(merchant, trade)
    others_minor = set_aside_for(merchant.id, but=trade.id)
    return {
        accounts.pending: exposure.funds_of(merchant).sales_minor if unsettled else 0,
        accounts.payable: max(0, settled.payable_minor - others_minor),
        accounts.balance: settled.balance_minor,
    }


def splittable(trade: PaymentView) -> int:
    """What of a trade a split would be given now, in minor units: its rest, as far as covered."""
    merchant = onboarding.merchant(trade.payee_id)
    if trade.status not in SPLITTABLE or is_ended(trade) or is_in_escrow(merchant, trade):
        return 0
    covered_minor = sum(split_sources(merchant, trade).values())
    return max(0, min(standing(trade).rest_minor, covered_minor))


def is_ended(trade: PaymentView) -> bool:
    """Whether the merchant has ended the trade's splitting."""
    return splits_of(trade.id).exclude(state=SplitState.FAILED).filter(ends=True).exists()


def is_in_escrow(merchant: Merchant, trade: PaymentView) -> bool:
    """Whether it is a guaranteed trade that has not been released."""
    if trade.payee_account_id == merchant.pending_account_id:
        return False
    row = escrows.escrow(trade.id)
    return row is None or row.released_at is None


def moved_between(
    merchant_id: uuid.UUID, *, after: datetime, until: datetime
) -> QuerySet[SplitShare]:
    """A merchant's shares moved in [after, until), in order."""
    rows = SplitShare.objects.filter(
        merchant_id=merchant_id, moved_at__gte=after, moved_at__lt=until
    )
    return rows.select_related("split").order_by("moved_at", "id")


def returned_between(
    merchant_id: uuid.UUID, *, after: datetime, until: datetime
) -> QuerySet[SplitReturn]:
    """What came back to a merchant in [after, until), in order."""
    rows = SplitReturn.objects.filter(
        merchant_id=merchant_id, created_at__gte=after, created_at__lt=until
    )
    return rows.select_related("share__split").order_by("created_at", "id")


# When the next waiting split is carried out.
next_due = Earliest(lambda: Split.objects.filter(state=SplitState.PENDING), "due_at")


def due_ids(now: datetime) -> list[uuid.UUID]:
    """Splits to be carried out by `now`, in order."""
    waiting = Split.objects.filter(state=SplitState.PENDING, due_at__lte=now)
    return list(waiting.order_by("due_at", "id").values_list("id", flat=True))
