"""Split a sale when it is paid: checked before the payment, kept with it, then carried out."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from config.kernel.errors import SaomaError
from merchants.onboarding import queries as onboarding
from merchants.onboarding.values import AppCredentials
from merchants.splits import rules
from merchants.splits.usecases.split_trade import check_payees, split_trade
from merchants.splits.values import Named, NamedBy, Part
from wallet import public as wallet

log = logging.getLogger(__name__)

PLAN = "royalty"


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
    fee_bps = onboarding.merchant(seller.merchant_uuid).fee_bps
    fee_minor = rules.fee_left(paid_minor=amount_minor, refunded_minor=0, fee_bps=fee_bps)
    rules.check_parts(parts, rest_minor=amount_minor - fee_minor)
    return {PLAN: [_kept(part) for part in parts]}


def split_as_planned(*, payment_id: uuid.UUID) -> bool:
    """Carry out what was planned with a payment, once; False where there is nothing to do.

    A guaranteed trade's money is split when it has been released. What cannot be split any
    more (it was refunded, a payee was unbound meanwhile) stays the merchant's, who finds no
    split in the trade's settlement.
    """
    trade = wallet.payment(payment_id)
    plan: Any = trade.details.get(PLAN)
    if not plan or trade.payee_kind is not wallet.PayeeKind.MERCHANT:
        return False
    app_id = trade.details.get("auth_app_id") or trade.details.get("app_id")
    seller = onboarding.app_credentials(str(app_id))
    if seller is None:
        return False
    try:
        split_trade(
            seller=seller,
            number=trade.number,
            request_no=trade.number,
            parts=[_part(kept) for kept in plan],
        )
    except SaomaError as refusal:
        log.info("a planned split was not made", extra={"code": refusal.code, "id": payment_id})
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


def _part(kept: Mapping[str, Any]) -> Part:
    payee = Named(NamedBy(kept["by"]), str(kept["account"]), str(kept["name"]))
    return Part(payee, int(kept["amount_minor"]), str(kept["description"]))
