"""Reading offers and deals."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from config.kernel.due_times import Earliest, earliest_of
from config.kernel.errors import required
from config.kernel.rows import first_or
from merchants.deals import rules
from merchants.deals.models import (
    Deal,
    DealPayment,
    Entitlement,
    Offer,
    Parcel,
    ParcelEvent,
    RefundRequest,
)
from merchants.deals.values import DealParty, DealState, LotState
from merchants.onboarding import queries as onboarding
from merchants.onboarding.values import AppCredentials

LOT_STATES = (
    DealState.DEPOSIT_DUE,
    DealState.DEPOSIT_PAID,
    DealState.BALANCE_DUE,
    DealState.PAID,
)


def offer(offer_id: uuid.UUID) -> Offer:
    """An offer by id.

    Raises:
        OfferUnknown: there is none.
    """
    return first_or(
        Offer.objects.select_related("merchant").filter(id=offer_id), rules.OfferUnknown()
    )


def payments_of_deals(payment_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of some payments that are stages of deals."""
    rows = DealPayment.objects.filter(payment_id__in=payment_ids)
    return set(rows.values_list("payment_id", flat=True))


def offers_of(owner_id: uuid.UUID) -> QuerySet[Offer]:
    """The offers of a wallet user's merchants, newest first."""
    return Offer.objects.filter(merchant__owner_id=owner_id).select_related("merchant")


def deals_of(caller_id: uuid.UUID) -> QuerySet[Deal]:
    """A caller's deals, as buyer or as the seller's owner, newest first."""
    rows = Deal.objects.select_related("offer__merchant", "parcel")
    mine = Q(buyer_id=caller_id) | Q(offer__merchant__owner_id=caller_id)
    return rows.filter(mine).prefetch_related(
        "payments", "timeline", "refund_requests", "entitlements__partner"
    )


def deal_of(deal_id: uuid.UUID, *, caller_id: uuid.UUID) -> Deal:
    """One of a caller's deals.

    Raises:
        DealUnknown: there is none of theirs.
    """
    return first_or(deals_of(caller_id).filter(id=deal_id), rules.DealUnknown())


def locked_deal(deal_id: uuid.UUID) -> Deal:
    """A deal, locked for the caller's transaction.

    Raises:
        DealUnknown: there is none.
    """
    return first_or(Deal.objects.select_for_update().filter(id=deal_id), rules.DealUnknown())


def party_of(deal_id: uuid.UUID, *, caller_id: uuid.UUID) -> DealParty:
    """Which side of a deal a caller is on.

    Raises:
        DealUnknown: there is no such deal.
        DealNotYours: the caller is on none.
    """
    row = first_or(
        Deal.objects.select_related("offer__merchant").filter(id=deal_id), rules.DealUnknown()
    )
    if row.buyer_id == caller_id:
        return DealParty.BUYER
    if row.offer.merchant.owner_id == caller_id:
        return DealParty.SELLER
    raise rules.DealNotYours()


def seller_of(row: Offer) -> AppCredentials:
    """The app that an offer's sales are made by."""
    return required(onboarding.app_credentials(row.app_number), "an offer names its merchant's app")


def stages_paid(deal: Deal) -> list[DealPayment]:
    """The payments of a deal whose money came, in order."""
    return list(deal.payments.filter(paid_at__isnull=False).order_by("id"))


def open_request(deal: Deal) -> RefundRequest | None:
    """The refund request of a deal that is open."""
    return deal.refund_requests.filter(ended_at__isnull=True).first()


def request(request_id: uuid.UUID) -> RefundRequest:
    """A refund request by id.

    Raises:
        RequestUnknown: there is none.
    """
    return first_or(RefundRequest.objects.filter(id=request_id), rules.RequestUnknown())


def parcel_of(carrier_id: uuid.UUID, number: str) -> Parcel | None:
    """A carrier's parcel that a seller has shipped."""
    return Parcel.objects.filter(carrier_id=carrier_id, number=number).first()


def orphans(carrier_id: uuid.UUID, number: str) -> QuerySet[ParcelEvent]:
    """A carrier's events about a parcel that nobody had shipped yet, in order of time."""
    return ParcelEvent.objects.filter(
        carrier_id=carrier_id, number=number, parcel__isnull=True
    ).order_by("occurred_at", "id")


def entitlement_of_partner(entitlement_id: uuid.UUID, *, owner_id: uuid.UUID) -> Entitlement:
    """An entitlement at one of a partner's merchants.

    Raises:
        EntitlementUnknown: there is none of theirs.
    """
    rows = Entitlement.objects.select_related("deal", "partner")
    return first_or(
        rows.filter(id=entitlement_id, partner__owner_id=owner_id), rules.EntitlementUnknown()
    )


def has_live_deal(buyer_id: uuid.UUID) -> bool:
    """Whether money of a buyer's may still wait or come back."""
    return Deal.objects.filter(buyer_id=buyer_id, ended_at__isnull=True).exists()


# When the next deal, refund request or lot falls due.
next_due = earliest_of(
    Earliest(lambda: Deal.objects.filter(due_at__isnull=False), "due_at"),
    Earliest(lambda: RefundRequest.objects.filter(due_at__isnull=False), "due_at"),
    Earliest(lambda: Offer.objects.filter(lot_due_at__isnull=False), "lot_due_at"),
)


def deals_due(now: datetime) -> list[uuid.UUID]:
    """Deals whose state ends by `now`, in order."""
    rows = Deal.objects.filter(due_at__lte=now).order_by("due_at", "id")
    return list(rows.values_list("id", flat=True))


def requests_due(now: datetime) -> list[uuid.UUID]:
    """Refund requests that silence answers by `now`, in order."""
    rows = RefundRequest.objects.filter(due_at__lte=now).order_by("due_at", "id")
    return list(rows.values_list("id", flat=True))


def lots_due(now: datetime) -> list[uuid.UUID]:
    """Lots to be decided by `now`, in order."""
    rows = Offer.objects.filter(lot_due_at__lte=now, lot_state=LotState.OPEN)
    return list(rows.order_by("lot_due_at", "id").values_list("id", flat=True))
