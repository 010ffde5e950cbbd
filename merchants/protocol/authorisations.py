"""An authorisation in the protocol's words: its payer, its kind, its figures."""

from typing import Any, Final

from merchants.protocol.formats import yuan
from merchants.protocol.persons import person_fields
from wallet import public as wallet

CREDIT_AUTH: Final = "CREDIT_AUTH"


def payer_names(app_id: str, given: wallet.AuthorisationView) -> dict[str, Any]:
    """The payer as the app wants to have them named; what it does not want is None."""
    names = person_fields(
        app_id,
        given.payer_id,
        given.payer_number,
        user_id="payer_user_id",
        open_id="payer_open_id",
    )
    return {name: names.get(name) for name in ("payer_open_id", "payer_user_id")}


def auth_type(done: wallet.OperationView) -> str | None:
    """CREDIT_AUTH where nothing was frozen and all was vouched for; None otherwise."""
    return CREDIT_AUTH if done.credit_minor and not done.funds_minor else None


def totals(given: wallet.AuthorisationView) -> dict[str, str]:
    """What an authorisation's figures are called: in all, still left, by part."""
    captured_credit = given.captured_minor - given.captured_funds_minor
    return {
        "total_freeze_amount": yuan(given.frozen_minor),
        "total_freeze_fund_amount": yuan(given.frozen_funds_minor),
        "total_freeze_credit_amount": yuan(given.frozen_credit_minor),
        "rest_amount": yuan(given.rest_minor),
        "rest_fund_amount": yuan(given.held_minor),
        "rest_credit_amount": yuan(given.waived_minor),
        "total_pay_amount": yuan(given.captured_minor),
        "total_pay_fund_amount": yuan(given.captured_funds_minor),
        "total_pay_credit_amount": yuan(captured_credit),
    }
