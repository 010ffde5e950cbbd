"""Publish an offer."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from config.kernel import transactions
from merchants.acceptance.rules import MerchantNotActive
from merchants.deals import rules
from merchants.deals.models import Offer
from merchants.deals.values import DealState, PolicyName
from merchants.onboarding import queries as onboarding
from merchants.splits.usecases.split_trade import check_payees
from merchants.splits.values import Named, NamedBy, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """What a seller says of an offer. Amounts in minor units; see `Offer` for the rest.

    `splits` name who gets which per cent of what is released: `{"payee", "percent"}`.
    `shares` are a bundle's: `{"partner", "name", "uses", "amount_minor"}` for each use.
    """

    policy: PolicyName
    reference: str
    subject: str
    price_minor: int
    deposit_minor: int = 0
    goods_type: str = ""
    delivered_plus_s: int | None = None
    pickup: bool = False
    needs_prescription: bool = False
    seconds: Mapping[str, int] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    splits: Sequence[Mapping[str, str]] = ()
    shares: Sequence[Mapping[str, Any]] = ()
    breakage_to_partners: bool = False
    capacity: int | None = None
    minimum: int | None = None


@transactions.atomic_retry
def publish_offer(*, merchant_number: str, owner_id: uuid.UUID, new: NewOffer) -> Offer:
    """Publish an offer of a merchant, once for its reference; the same again is the same.

    Raises:
        MerchantNotFound: the merchant is not the owner's.
        MerchantNotActive: it takes no payments, or has no app to take them by.
        OfferInvalid: the offer does not fit its policy.
        SplitPayeeUnknown, RelationMissing: a payee is nobody, or not bound.
        OfferTaken: the reference stands for another offer.
    """
    merchant = onboarding.merchant_by_number(merchant_number, owner_id=owner_id)
    row = _row_of(new)
    earlier = Offer.objects.filter(merchant=merchant, reference=new.reference).first()
    if earlier is not None:
        return _again(earlier, row)
    app = onboarding.apps_of(merchant.id).first()
    seller = None if app is None else onboarding.app_credentials(app.app_number)
    if seller is None or not seller.may_take_payments:
        raise MerchantNotActive(state=merchant.state)
    rules.check_offer(
        rules.policy_of(new.policy),
        price_minor=new.price_minor,
        deposit_minor=new.deposit_minor,
        minimum=new.minimum,
        capacity=new.capacity,
        seconds=new.seconds,
        dates=new.dates,
        shares=new.shares,
    )
    check_payees(seller, [_part(split) for split in new.splits])
    rules.check_percents([Decimal(split["percent"]) for split in new.splits])
    for share in new.shares:
        onboarding.merchant_by_number(str(share["partner"]))
    row.merchant, row.app_number, row.currency = merchant, seller.app_number, merchant.currency
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise rules.OfferTaken(field="reference") from error
    return row


def _part(split: Mapping[str, str]) -> Part:
    return Part(Named(NamedBy.NUMBER, split["payee"]), 1)


def _row_of(new: NewOffer) -> Offer:
    content = asdict(new)
    content["splits"], content["shares"] = list(new.splits), list(new.shares)
    closes = new.dates.get(DealState.BALANCE_DUE)
    lot_due_at = datetime.fromisoformat(closes) if closes else None
    return Offer(**content, lot_due_at=lot_due_at)


def _again(earlier: Offer, row: Offer) -> Offer:
    names = NewOffer.__dataclass_fields__
    if any(getattr(earlier, name) != getattr(row, name) for name in names):
        raise rules.OfferTaken(field="reference")
    return earlier
