"""Split a sale when it is paid: checked before the payment, kept with it, then carried out."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction

from config.kernel.errors import SaomaError
from merchants.onboarding import queries as onboarding
from merchants.onboarding.values import AppCredentials
from merchants.splits import queries, rules
from merchants.splits.usecases.split_trade import check_payees, record_failure, split_trade
from merchants.splits.values import Named, NamedBy, Part
from merchants.terms.queries import fee_book, today_of
from wallet import public as wallet

log = logging.getLogger(__name__)


def plan_split(
    *, seller: AppCredentials, parts: Sequence[Part], amount_minor: int
) -> Mapping[str, object]:
    """Check who is to get what of a sale, and give what is kept with its payment.

    Args:
        seller: who sells.
        parts: what each payee is to get.
        amount_minor: what the buyer pays, in minor units.

    Raises:
        PayeesInvalid: more than twenty.
        SplitPayeeUnknown, RelationMissing: a payee is nobody, or not bound.
        SplitAmountInvalid: the parts exceed what is left of the sale after its fee.
    """
    rules.check_payees(len(parts))
    check_payees(seller, parts)
    merchant = onboarding.merchant(seller.merchant_id)
    # How it will be paid is not known yet: the dearest method's fee is left.
    terms = fee_book(merchant).all_of(today_of(merchant))
    rest_minor = min(rules.most_of_sale(amount_minor, terms=each) for each in terms)
    rules.check_parts(parts, rest_minor=rest_minor)
    return {rules.PLAN: [_kept(part) for part in parts]}


def plan_by_percent(
    *, seller: AppCredentials, percents: Mapping[str, Decimal], amount_minor: int
) -> list[dict[str, object]]:
    """Plan what per cent of a sale bound payees get of what is left of it at its release.

    Args:
        seller: who sells.
        percents: by the payee's number; at most two decimals.
        amount_minor: what the buyer pays, in minor units: the most that there can be.

    Raises:
        what `plan_split` raises.
    """
    amounts = rules.shares_of(amount_minor, list(percents.values()))
    names = [Named(NamedBy.NUMBER, number) for number in percents]
    parts = [Part(payee, share) for payee, share in zip(names, amounts, strict=True)]
    plan_split(seller=seller, parts=parts, amount_minor=amount_minor)
    return [
        {**_kept(part), "percent": str(percent)}
        for part, percent in zip(parts, percents.values(), strict=True)
    ]


def split_as_planned(*, payment_id: uuid.UUID) -> bool:
    """Carry out what was planned with a payment, once; False where there is nothing to do.

    A guaranteed trade's money is split when it has been released. What cannot be split any
    more (part was refunded, a payee was unbound, the money is gone) stays the merchant's: a
    FAILED split says why, and the merchant is told as of one that is made.
    """
    trade = wallet.payment(payment_id)
    plan = trade.details.get(rules.PLAN)
    if not isinstance(plan, list) or not plan or trade.status not in queries.SPLITTABLE:
        return False
    if queries.is_in_escrow(onboarding.merchant(trade.payee_id), trade):
        return False
    app_id = trade.details.get("auth_app_id") or trade.details.get("app_id")
    seller = onboarding.app_credentials(str(app_id))
    if seller is None:
        return False
    try:
        with transaction.atomic():
            split_trade(
                seller=seller,
                number=trade.number,
                request_no=trade.number,
                parts=_parts(plan, trade),
                planned=True,
            )
    except SaomaError as refusal:
        log.info("a planned split was not made", extra={"code": refusal.code, "id": payment_id})
        record_failure(seller=seller, trade=trade, reason=refusal.code)
        return False
    return True


def _kept(part: Part) -> dict[str, object]:
    return {
        "by": part.payee.named_by.value,
        "account": part.payee.account,
        "name": part.payee.name,
        "amount_minor": part.amount_minor,
        "description": part.description,
    }


def _parts(plan: Sequence[Mapping[str, Any]], trade: wallet.PaymentView) -> list[Part]:
    """What each gets: as planned, or its per cent of what the buyer has not got back."""
    parts = [_part(entry) for entry in plan]
    percents = [Decimal(entry["percent"]) for entry in plan if "percent" in entry]
    if len(percents) < len(parts):
        return parts
    amounts = rules.shares_of(trade.amount_minor - trade.refunded_minor, percents)
    pairs = zip(parts, amounts, strict=True)
    return [replace(part, amount_minor=share) for part, share in pairs if share]


def _part(entry: Mapping[str, Any]) -> Part:
    payee = Named(NamedBy(entry["by"]), str(entry["account"]), str(entry["name"]))
    return Part(payee, int(entry["amount_minor"]), str(entry["description"]))
