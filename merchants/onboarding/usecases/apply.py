"""Apply to become a merchant, amend a draft, submit it."""

import uuid
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.kernel import clock, ids, transactions
from config.kernel.audit.chain import record
from config.kernel.errors import InvalidRequest
from merchants.onboarding import queries, rules
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
    _check(application)
    merchant_uuid = ids.uuid7()
    merchant = Merchant.objects.create(
        id=merchant_uuid,
        merchant_id=PREFIX + ids.random_digits(12),
        owner_id=owner_id,
        state=MerchantState.DRAFT if draft else MerchantState.SUBMITTED,
        unit=ids.unit_of(merchant_uuid),
        **_columns(application),
    )
    _record("merchant.applied", merchant, after={"state": merchant.state})
    return merchant


@transactions.atomic_retry
def amend_application(*, merchant_uuid: uuid.UUID, application: Application) -> Merchant:
    """Replace what a draft says.

    Raises:
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: it is no draft any more.
        FieldInvalid: `field` names what is wrong.

    Locks: the merchant.
    """
    _check(application)
    merchant = queries.merchant_for_update(merchant_uuid)
    if merchant.state != MerchantState.DRAFT:
        raise rules.MerchantStateForbids(state=merchant.state, wanted=MerchantState.DRAFT.value)
    columns = _columns(application)
    for name, value in columns.items():
        setattr(merchant, name, value)
    merchant.save(update_fields=list(columns))
    _record("merchant.amended", merchant, after=dict(columns))
    return merchant


@transactions.atomic_retry
def submit_application(*, merchant_uuid: uuid.UUID) -> Merchant:
    """Hand a draft to the operators; a submitted one stays as it is.

    Raises:
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: it is already decided.

    Locks: the merchant.
    """
    merchant = queries.merchant_for_update(merchant_uuid)
    if merchant.state == MerchantState.SUBMITTED:
        return merchant
    rules.check_transition(MerchantState(merchant.state), MerchantState.SUBMITTED)
    merchant.state = MerchantState.SUBMITTED
    merchant.state_changed_at = clock.now()
    merchant.save(update_fields=["state", "state_changed_at"])
    _record("merchant.submitted", merchant, after={"state": merchant.state})
    return merchant


def _check(application: Application) -> None:
    rules.check_printable(application.short_name, "short_name", longest=25)
    rules.check_printable(application.city, "city", longest=15)
    if not application.name.strip() or len(application.name) > 64:
        raise FieldInvalid(field="name")
    if not (len(application.mcc) == 4 and application.mcc.isascii() and application.mcc.isdigit()):
        raise FieldInvalid(field="mcc")
    if not 0 <= application.cutoff_hour <= 23:
        raise FieldInvalid(field="cutoff_hour")
    try:
        ZoneInfo(application.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise FieldInvalid(field="zone") from error


def _columns(application: Application) -> dict[str, Any]:
    return {name: getattr(application, name) for name in application.__dataclass_fields__}


def _record(action: str, merchant: Merchant, after: dict[str, object]) -> None:
    record(
        action=action,
        actor=f"user:{merchant.owner_id}",
        target=f"merchant:{merchant.id}",
        purpose="merchant onboarding",
        after=after,
    )
