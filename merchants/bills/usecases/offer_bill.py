"""Offer a bill for download: a link that carries its own right and soon ends."""

import uuid
from datetime import timedelta

from django.conf import settings

from config.kernel import clock, signed_links
from config.kernel.errors import Gone
from merchants.bills import queries, rules
from merchants.bills.values import BillKind, Period
from merchants.onboarding import queries as onboarding
from merchants.onboarding.models import Merchant

SALT = "merchants.bills"
LIFE = timedelta(minutes=1)


class LinkInvalid(Gone):
    """The link is not one of ours, or its time is over."""

    code = "bill_link_invalid"
    message = "This link has expired."


def offer_bill(*, merchant_id: uuid.UUID, kind: BillKind, on: str) -> str:
    """Give the address of a merchant's bill, good for a minute without further proof.

    Args:
        merchant_id: whose bill.
        kind: which.
        on: a business day (yyyy-MM-dd) or a month of them (yyyy-MM) of the merchant.

    Raises:
        BillDateInvalid: it is neither.
        BillUnknown: nothing happened then, or its bill is not made yet.
    """
    merchant = onboarding.merchant(merchant_id)
    period = rules.period(on, zone=merchant.zone, cutoff_hour=merchant.cutoff_hour)
    now = clock.now()
    rules.check_made(period, now=now, same_day=settings.SAOMA_BILL_SAME_DAY)
    if queries.is_empty(merchant, kind, period):
        raise rules.BillUnknown(field="bill_date")
    facts = {"m": str(merchant.id), "k": kind.value, "d": on}
    token = signed_links.seal(facts, salt=SALT, life=LIFE)
    return f"{settings.PUBLIC_URL.rstrip('/')}/bills/{token}"


def offered(token: str) -> tuple[Merchant, BillKind, Period]:
    """What a link offers.

    Raises:
        LinkInvalid: it is not one of ours, or its time is over.
    """
    facts = signed_links.unseal(token, salt=SALT, refusal=LinkInvalid)
    merchant = onboarding.merchant(uuid.UUID(facts["m"]))
    period = rules.period(facts["d"], zone=merchant.zone, cutoff_hour=merchant.cutoff_hour)
    return merchant, BillKind(facts["k"]), period
