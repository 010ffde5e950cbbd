"""An authorisation in the protocol's words: its payer, its kind, its figures."""

from typing import Any, Final

from merchants.protocol.formats import yuan
from merchants.protocol.persons import person_fields
from wallet import public as wallet

CREDIT_AUTH: Final = "CREDIT_AUTH"


def payer_names(app_number: str, authorisation: wallet.AuthorisationView) -> dict[str, Any]:
    """The payer as the app wants to have them named; what it does not want is None."""
    names = person_fields(
        app_number,
        authorisation.payer_id,
        authorisation.payer_number,
        user_id="payer_user_id",
        open_id="payer_open_id",
    )
    return {name: names.get(name) for name in ("payer_open_id", "payer_user_id")}


def auth_type(operation: wallet.OperationView) -> str | None:
    """CREDIT_AUTH where nothing was frozen and all was vouched for; None otherwise."""
    return CREDIT_AUTH if operation.credit_minor and not operation.funds_minor else None


def totals(authorisation: wallet.AuthorisationView) -> dict[str, str]:
    """What an authorisation's figures are called: in all, still left, by part."""
    captured_credit = authorisation.captured_minor - authorisation.captured_funds_minor
    return {
        "total_freeze_amount": yuan(authorisation.frozen_minor),
        "total_freeze_fund_amount": yuan(authorisation.frozen_funds_minor),
        "total_freeze_credit_amount": yuan(authorisation.frozen_credit_minor),
        "rest_amount": yuan(authorisation.rest_minor),
        "rest_fund_amount": yuan(authorisation.held_minor),
        "rest_credit_amount": yuan(authorisation.waived_minor),
        "total_pay_amount": yuan(authorisation.captured_minor),
        "total_pay_fund_amount": yuan(authorisation.captured_funds_minor),
        "total_pay_credit_amount": yuan(captured_credit),
    }
