"""What two operators decide about a merchant's debt."""

import uuid

from config.kernel import approvals
from merchants.exposure import queries, rules
from merchants.exposure.usecases.set_ceiling import set_ceiling
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import MerchantNotFound
from merchants.onboarding.queries import merchant as merchant_by_id
from merchants.onboarding.tasks import show_merchant
from merchants.onboarding.usecases.move_merchant import merchant_target
from wallet.money import format_amount

# The panel of merchants asks for it by this name.
SET_CEILING = "merchants.set_ceiling"


def show_ceiling(parameters: approvals.Parameters) -> approvals.Facts:
    """The ceiling that is asked for."""
    return {"ceiling": _words(_merchant(parameters), _ceiling(parameters))}


def ceiling_facts(parameters: approvals.Parameters) -> approvals.Facts:
    """What a decision on a ceiling rests on."""
    merchant = _merchant(parameters)
    return {
        "merchant number": merchant.merchant_id,
        "state": merchant.state,
        "ceiling": _words(merchant, merchant.credit_minor),
    }


def check_asked(parameters: approvals.Parameters) -> None:
    """Only a merchant that there is gets a ceiling, and one within range."""
    _merchant(parameters)
    ceiling_minor = _ceiling(parameters)
    if ceiling_minor is not None:
        rules.check_ceiling(ceiling_minor)


def foretell_ceiling(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the ceiling, beside what is owed."""
    merchant = _merchant(parameters)
    before = _words(merchant, merchant.credit_minor)
    after = _words(merchant, _ceiling(parameters))
    facts: dict[str, object] = {"ceiling": approvals.change(before, after)}
    if merchant.receivable_account_id is not None:
        owed_minor = queries.funds_of(merchant).owed_minor
        facts["owed now"] = f"{format_amount(owed_minor, merchant.currency)} {merchant.currency}"
    return facts


def target_ceiling(parameters: approvals.Parameters) -> str:
    """The merchant."""
    return merchant_target(_merchant(parameters).id)


@approvals.action(
    SET_CEILING,
    title="Set how much a merchant may come to owe",
    parameters={"merchant_uuid": show_merchant, "ceiling_minor": show_ceiling},
    target=target_ceiling,
    state=ceiling_facts,
    check=check_asked,
    effect=foretell_ceiling,
)
def set_approved(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: merchant_uuid, ceiling_minor or None."""
    merchant = set_ceiling(
        merchant_uuid=_merchant(approved.parameters).id,
        ceiling_minor=_ceiling(approved.parameters),
        actor=f"operator:{approved.checkers[-1]}",
    )
    return {"merchant": merchant.merchant_id, "credit_minor": merchant.credit_minor}


def _merchant(parameters: approvals.Parameters) -> Merchant:
    try:
        return merchant_by_id(uuid.UUID(str(parameters["merchant_uuid"])))
    except ValueError as error:
        raise MerchantNotFound(field="merchant_uuid") from error


def _ceiling(parameters: approvals.Parameters) -> int | None:
    asked = parameters.get("ceiling_minor")
    if asked is None:
        return None
    if isinstance(asked, bool) or not isinstance(asked, int):
        raise rules.CeilingOutOfRange(field="ceiling_minor")
    return asked


def _words(merchant: Merchant, ceiling_minor: int | None) -> str:
    if ceiling_minor is None:
        return "the house's"
    return f"{format_amount(ceiling_minor, merchant.currency)} {merchant.currency}"
