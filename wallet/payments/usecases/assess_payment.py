"""Decide what a payment needs before money moves: nothing, the payer's PIN, or a refusal."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from wallet.payments import rules
from wallet.payments.queries.pay_facts import PayFacts
from wallet.payments.rules import CodeLimits
from wallet.payments.values import PayRequest
from wallet.risk import queries as risk
from wallet.risk import rules as risk_rules
from wallet.risk.values import Decision, Features, Stage, Value, Verdict

OFFLINE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is to happen, and what it rests on."""

    needs_pin: bool
    offline: bool
    verdict: Verdict
    features: Features


def assess_code_payment(request: PayRequest, facts: PayFacts) -> Assessment:
    """Judge a payment by code on what its look-up brought; reads nothing more.

    The PIN is needed above the no-PIN limits, which are lower for a device that has not
    been heard of for five minutes, and where a risk rule asks for a challenge.
    """
    offline = facts.device_id is not None and rules.is_offline(
        last_seen_at=facts.device_seen_at, at=request.at, offline_after=OFFLINE_AFTER
    )
    features = code_features(request, facts)
    verdict = risk_rules.judge(risk.rules_in_force(), Stage.INLINE, features)
    needs_pin = verdict.decision is Decision.CHALLENGE or _over_limit(request, facts, offline)
    return Assessment(needs_pin, offline, verdict, features)


def code_features(request: PayRequest, facts: PayFacts) -> Features:
    """What the in-line rules may look at. A missing device counts as not known."""
    features = order_features(
        amount_minor=request.amount_minor,
        payments=facts.payments or 0,
        total_minor=facts.total_minor or 0,
        largest_minor=facts.largest_minor or 0,
        pin_given=False,
        payee_since=request.payee_since,
        at=request.at,
    )
    if facts.device_made_at is not None:
        features["device_known"] = True
        features["device_age_h"] = (request.at - facts.device_made_at).total_seconds() / 3600
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


def online_limits() -> CodeLimits:
    """What may be paid without a PIN, in fen."""
    return CodeLimits(settings.SAOMA_NO_PIN_LIMIT_MINOR, settings.SAOMA_DAILY_NO_PIN_MINOR or None)


def offline_limits() -> CodeLimits:
    """What may be paid without a PIN with a code of a device out of touch, in fen."""
    return CodeLimits(
        settings.SAOMA_OFFLINE_LIMIT_MINOR, settings.SAOMA_OFFLINE_DAILY_MINOR or None
    )


def payer_day(at: datetime, zone: str | None) -> date:
    """The payer's calendar day, which daily limits are counted by."""
    return rules.business_date(at, zone or settings.TIME_ZONE)


def _over_limit(request: PayRequest, facts: PayFacts, offline: bool) -> bool:
    today = facts.day == payer_day(request.at, facts.user_zone)
    if rules.needs_pin(
        amount_minor=request.amount_minor,
        spent_today_minor=(facts.day_no_pin_minor or 0) if today else 0,
        limits=online_limits(),
    ):
        return True
    return offline and rules.needs_pin(
        amount_minor=request.amount_minor,
        spent_today_minor=(facts.day_offline_minor or 0) if today else 0,
        limits=offline_limits(),
    )
