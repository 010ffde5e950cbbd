"""Agreements for tests, offered and signed by the real use cases."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from config.kernel import clock
from tests.factories.accounts import PIN, make_user
from tests.factories.clock import later
from tests.factories.payments import Shop
from wallet.accounts.models import WalletUser
from wallet.agreements import queries, tasks
from wallet.agreements.models import Agreement
from wallet.agreements.usecases.debit_agreement import debit_agreement
from wallet.agreements.usecases.offer_agreement import offer_agreement
from wallet.agreements.usecases.sign_agreement import sign_agreement
from wallet.agreements.values import AgreementView, Debit, Offer, PeriodType, Terms
from wallet.payments.rules import business_date
from wallet.payments.values import ZONE, PayOutcome

_orders = itertools.count(1)
CAPPED = Terms(single_minor=20_00)


def monthly(single_minor: int = 30_00, **changes: Any) -> Terms:
    """A debit of up to 30.00 each month, the first one today (or the 28th before it)."""
    today = business_date(clock.now(), ZONE)
    facts: dict[str, Any] = {
        "period_type": PeriodType.MONTH,
        "period": 1,
        "first_on": today.replace(day=min(today.day, 28)),
        "single_minor": single_minor,
    }
    return Terms(**(facts | changes))


def offer_of(shop: Shop, terms: Terms = CAPPED, **changes: Any) -> Offer:
    """What a shop proposes."""
    facts: dict[str, Any] = {
        "payee_id": shop.id,
        "payee_account_id": shop.account_id,
        "payee_owner_id": shop.id,
        "payee_name": shop.name,
        "payee_zone": ZONE,
        "currency": "CNY",
        "external_no": "",
        "product": "PARKING",
        "scene": "INDUSTRY|CARPARK",
        "terms": terms,
        "details": {},
    }
    return Offer(**(facts | changes))


def make_offer(shop: Shop, terms: Terms = CAPPED, **changes: Any) -> AgreementView:
    """An offer that waits for a payer."""
    return offer_agreement(offer=offer_of(shop, terms, **changes))


def make_agreement(
    shop: Shop, payer: WalletUser | None = None, terms: Terms = CAPPED, **changes: Any
) -> AgreementView:
    """An agreement that a (new, funded) payer has signed."""
    payer = payer or make_user(balance_minor=1_000_00)
    offer = make_offer(shop, terms, **changes)
    return sign_agreement(
        agreement_id=offer.id, payer_id=payer.id, pin=PIN, challenge=offer.challenge
    ).agreement


def debit(agreement: AgreementView, amount_minor: int = 6_00, **changes: Any) -> PayOutcome:
    """Debit the payer for an order of its own."""
    deferred = bool(changes.pop("deferred", False))
    facts: dict[str, Any] = {
        "agreement_id": agreement.id,
        "reference": f"DEBIT{next(_orders)}",
        "description": "parking",
        "amount_minor": amount_minor,
        "expires_at": clock.now() + timedelta(days=15),
        "details": {},
    }
    return debit_agreement(debit=Debit(**(facts | changes)), deferred=deferred)


def let_pass(**span: float) -> None:
    """Let time pass and run each job of agreements at its moment, and nothing else."""
    end = clock.now() + timedelta(**span)
    while (due := _earliest()) is not None and due <= end:
        later(seconds=max(0.0, (due - clock.now()).total_seconds()))
        for job in (tasks.announce, tasks.debit, tasks.lapse):
            job(clock.now())
    later(seconds=max(0.0, (end - clock.now()).total_seconds()))


def _earliest() -> datetime | None:
    """When the next job of agreements has something to do."""
    dues = (queries.next_notice_at(), queries.next_deduction_at(), queries.next_lapse_at())
    return min((due for due in dues if due is not None), default=None)


def stored(agreement: AgreementView) -> Agreement:
    """The agreement's row as it is now."""
    return Agreement.objects.get(id=agreement.id)
