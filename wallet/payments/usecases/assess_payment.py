"""Decide what a payment needs before money moves: nothing, the payer's PIN, or a refusal."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.kernel.clock import house_day
from config.kernel.errors import required
from config.kernel.limits.ceilings import ceiling
from config.kernel.limits.rules import rest
from wallet.payments import rules
from wallet.payments.queries.payment_context import PaymentContext
from wallet.payments.rules import NO_PIN_DAY, NO_PIN_EACH, OFFLINE_DAY, OFFLINE_EACH
from wallet.payments.values import PayRequest
from wallet.risk.usecases.assess_movement import Assessed, assess_movement
from wallet.risk.values import Decision, Features, Subject, Value

# A payment that is judged before it has an id of its own.
NOT_MADE = uuid.UUID(int=0)
OFFLINE_AFTER = timedelta(minutes=5)
ONLINE = (NO_PIN_EACH, NO_PIN_DAY)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is to happen, and what it rests on."""

    needs_pin: bool
    offline: bool
    assessed: Assessed


def assess_code_payment(request: PayRequest, facts: PaymentContext, at: datetime) -> Assessment:
    """Judge a payment by code on what its look-up brought; reads nothing more.

    The PIN is needed above the no-PIN limits, which are lower for a device that has not
    been heard of for five minutes, and where a risk rule asks for a challenge.
    """
    offline = facts.device_id is not None and rules.is_offline(
        last_seen_at=facts.device_seen_at, at=at, offline_after=OFFLINE_AFTER
    )
    assessed = assess_movement(
        subject=code_subject(request, facts, NOT_MADE),
        context=code_features(request, facts, at),
        at=at,
    )
    challenged = assessed.verdict.decision is Decision.CHALLENGE
    over_limit = _over_limit(request.amount_minor, facts, offline, at)
    return Assessment(challenged or over_limit, offline, assessed)


def code_subject(request: PayRequest, facts: PaymentContext, payment_id: uuid.UUID) -> Subject:
    """A payment by code as the risk slice sees it."""
    return Subject(
        payment_id=payment_id,
        payer_id=required(facts.user_id, "a checked code has an owner"),
        payee_id=request.payee_id,
        device_id=facts.device_id,
        amount_minor=request.amount_minor,
        currency=request.currency,
    )


def code_features(request: PayRequest, facts: PaymentContext, at: datetime) -> Features:
    """What the in-line rules may look at. A missing device counts as not known."""
    features = order_features(
        amount_minor=request.amount_minor,
        payments=facts.payments or 0,
        total_minor=facts.total_minor or 0,
        largest_minor=facts.largest_minor or 0,
        pin_given=False,
        payee_since=request.payee_since,
        at=at,
    )
    if facts.device_made_at is not None:
        features["device_known"] = True
        features["device_age_h"] = (at - facts.device_made_at).total_seconds() / 3600
        features["device_to_payee_60s"] = facts.device_to_payee
        features["device_payments_60s"] = facts.device_payments
    return features


def order_features(
    *,
    amount_minor: int,
    payments: int,
    total_minor: int,
    largest_minor: int,
    pin_given: bool,
    payee_since: datetime | None,
    at: datetime,
) -> dict[str, Value]:
    """The features every payment has, whatever was shown to whom.

    Args:
        amount_minor: of this payment, in fen.
        payments: how many the payer has made before.
        total_minor: their sum, in fen.
        largest_minor: the largest of them, in fen.
        pin_given: whether the payer has proved the PIN for this one.
        payee_since: when the payee joined, where that is known.
        at: now.
    """
    return {
        "amount_minor": amount_minor,
        "amount_to_own_mean": amount_minor * payments / total_minor if total_minor else None,
        "amount_to_own_largest": amount_minor / largest_minor if largest_minor else None,
        "payer_payments": payments,
        "device_known": False,
        "payee_age_d": (at - payee_since).days if payee_since else None,
        "pin_given": pin_given,
    }


def no_pin_needed_up_to(*, offline: bool, spent: Mapping[str, int]) -> int:
    """The largest amount that may go now without a PIN, in fen.

    Args:
        offline: whether it would be paid with a code of a device out of touch.
        spent: the day's sums by counter, as they stand today.
    """
    limits = (NO_PIN_EACH, NO_PIN_DAY, OFFLINE_EACH, OFFLINE_DAY) if offline else ONLINE
    rests = (rest(used=spent.get(limit.counter, 0), ceiling=ceiling(limit)) for limit in limits)
    return min((left for left in rests if left is not None), default=rules.MAXIMUM_MINOR)


def _over_limit(amount_minor: int, facts: PaymentContext, offline: bool, at: datetime) -> bool:
    day, today = facts.day, house_day(at)
    spent = {
        NO_PIN_DAY.counter: facts.day_no_pin_minor or 0,
        OFFLINE_DAY.counter: facts.day_offline_minor or 0,
    }
    if day is None or day < today:
        spent = {}
    return amount_minor > no_pin_needed_up_to(offline=offline, spent=spent)
