"""Reading splits: who is bound, what was split, what is left."""

import uuid
from datetime import datetime

from django.db.models import F, QuerySet, Sum

from merchants.onboarding import queries as onboarding
from merchants.onboarding.usecases.find_payee import FoundPayee, find_payee
from merchants.splits import rules
from merchants.splits.models import Split, SplitRelation, SplitReturn, SplitShare
from merchants.splits.values import Named, NamedBy, SplitState, Standing
from wallet.public import PaymentView


def payee(named: Named) -> FoundPayee:
    """Whoever is meant.

    Raises:
        SplitPayeeUnknown: nobody.
    """
    by_number = named.named_by is NamedBy.NUMBER
    found = find_payee(
        number=named.account if by_number else "", login="" if by_number else named.account
    )
    if found is None:
        raise rules.SplitPayeeUnknown(field="account")
    return found


def relations(merchant_uuid: uuid.UUID) -> QuerySet[SplitRelation]:
    """The payees that a merchant has bound, in the order of binding."""
    return SplitRelation.objects.filter(merchant_id=merchant_uuid, unbound_at__isnull=True)


def by_request(merchant_uuid: uuid.UUID, request_no: str) -> Split | None:
    """A merchant's split by its own number."""
    return Split.objects.filter(merchant_id=merchant_uuid, request_no=request_no).first()


def split(
    *, merchant_uuid: uuid.UUID, number: str = "", request_no: str = "", trade_number: str = ""
) -> Split:
    """A merchant's split by our number, or by its own and the trade's.

    Raises:
        SplitUnknown: there is none, or it is another merchant's.
    """
    rows = Split.objects.filter(merchant_id=merchant_uuid)
    if number:
        rows = rows.filter(number=number)
    else:
        rows = rows.filter(request_no=request_no, trade_number=trade_number)
    found = rows.first()
    if found is None:
        raise rules.SplitUnknown()
    return found


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


def standing(trade: PaymentView) -> Standing:
    """What a split of a trade rests on. Read under the trade's lock to be sure of it."""
    live = SplitShare.objects.filter(payment_id=trade.id).exclude(split__state=SplitState.FAILED)
    gone = live.aggregate(total=Sum(F("amount_minor") - F("returned_minor")))["total"]
    return Standing(
        paid_minor=trade.amount_minor,
        refunded_minor=trade.refunded_minor,
        fee_minor=rules.fee_left(
            paid_minor=trade.amount_minor,
            refunded_minor=trade.refunded_minor,
            fee_bps=onboarding.merchant(trade.payee_id).fee_bps,
        ),
        split_minor=int(gone or 0),
    )


def moved_between(
    merchant_uuid: uuid.UUID, *, after: datetime, until: datetime
) -> QuerySet[SplitShare]:
    """A merchant's shares moved in [after, until), in order."""
    rows = SplitShare.objects.filter(
        merchant_id=merchant_uuid, moved_at__gte=after, moved_at__lt=until
    )
    return rows.select_related("split").order_by("moved_at", "id")


def returned_between(
    merchant_uuid: uuid.UUID, *, after: datetime, until: datetime
) -> QuerySet[SplitReturn]:
    """What came back to a merchant in [after, until), in order."""
    rows = SplitReturn.objects.filter(
        merchant_id=merchant_uuid, created_at__gte=after, created_at__lt=until
    )
    return rows.select_related("share__split").order_by("created_at", "id")


def next_due() -> datetime | None:
    """When the next waiting split is carried out."""
    waiting = Split.objects.filter(state=SplitState.PENDING).order_by("due_at")
    return waiting.values_list("due_at", flat=True).first()


def due_ids(now: datetime) -> list[uuid.UUID]:
    """Splits to be carried out by `now`, in order."""
    waiting = Split.objects.filter(state=SplitState.PENDING, due_at__lte=now)
    return list(waiting.order_by("due_at", "id").values_list("id", flat=True))
