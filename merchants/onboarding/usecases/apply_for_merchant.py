"""Apply to become a merchant."""

import uuid
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.kernel import ids, texts, transactions
from config.kernel.audit.chain import record
from config.kernel.errors import InvalidRequest
from merchants.onboarding import rules
from merchants.onboarding.models import Merchant
from merchants.onboarding.values import MerchantState

PREFIX = "2088"


class FieldInvalid(InvalidRequest):
    """One of the application's fields has a value that cannot be."""

    code = "invalid_request"
    message = "A field of the application is not valid."


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a merchant tells of itself; `short_name` and `city` are printable ASCII.

    `mcc` is the ISO 18245 category, `zone` an IANA name, `cutoff_hour` the local hour at
    which the business day closes.
    """

    name: str
    short_name: str
    mcc: str
    city: str
    zone: str = "Asia/Shanghai"
    cutoff_hour: int = 0
    payout_bank: str = ""
    payout_account: str = ""
    payout_holder: str = ""


@transactions.atomic_retry
def apply_for_merchant(
    *, owner_id: uuid.UUID, application: Application, draft: bool = False
) -> Merchant:
    """Enter an application: SUBMITTED for the operators, or kept as a DRAFT.

    Raises:
        FieldInvalid: `field` names what is wrong.
    """
    check_application(application)
    merchant_id = ids.uuid7()
    merchant = Merchant.objects.create(
        id=merchant_id,
        merchant_number=PREFIX + ids.random_digits(12),
        owner_id=owner_id,
        state=MerchantState.DRAFT if draft else MerchantState.SUBMITTED,
        unit=ids.unit_of(merchant_id),
        **columns_of(application),
    )
    record_by_owner("merchant.applied", merchant, after={"state": merchant.state})
    return merchant


def check_application(application: Application) -> None:
    """Check each field's form.

    Raises:
        FieldInvalid, rules.TextUnprintable: `field` names what is wrong.
    """
    rules.check_printable(application.short_name, "short_name", longest=25)
    rules.check_printable(application.city, "city", longest=15)
    name = application.name
    if not name.strip() or len(name) > 64 or texts.fault(name) is not None:
        raise FieldInvalid(field="name")
    if not (len(application.mcc) == 4 and application.mcc.isascii() and application.mcc.isdigit()):
        raise FieldInvalid(field="mcc")
    if not 0 <= application.cutoff_hour <= 23:
        raise FieldInvalid(field="cutoff_hour")
    try:
        ZoneInfo(application.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise FieldInvalid(field="zone") from error


def columns_of(application: Application) -> dict[str, Any]:
    """The merchant's columns that an application fills."""
    return {name: getattr(application, name) for name in application.__dataclass_fields__}


def record_by_owner(action: str, merchant: Merchant, after: dict[str, object]) -> None:
    """Write down what a merchant's owner did."""
    record(
        action=action,
        actor=f"user:{merchant.owner_id}",
        target=f"merchant:{merchant.id}",
        purpose="merchant onboarding",
        after=after,
    )
