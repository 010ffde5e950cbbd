"""Reads of risk: the rules in force, the history behind a score, the cases to work on."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet, Sum

from config.kernel.errors import NotFound
from wallet.risk import rules
from wallet.risk.models import RiskCase, RiskDecision
from wallet.risk.values import Features, RuleSet, Stage, Subject


class CaseUnknown(NotFound):
    """There is no such case."""

    code = "case_not_found"
    message = "There is no such case."


def rules_in_force() -> RuleSet:
    """The rule set every decision of now is made by.

    Raises:
        RuleSetUnknown: the setting names a version that does not exist.
    """
    return rules.rule_set(settings.SAOMA_RISK_RULES)


def decisions_of(payment_id: uuid.UUID) -> QuerySet[RiskDecision]:
    """The decisions made about a payment, newest first."""
    return RiskDecision.objects.filter(payment_id=payment_id).select_related("case")


def notices_of(payment_id: uuid.UUID) -> list[str]:
    """Why a payment was not simply paid, in plain words for its payer."""
    inline = RiskDecision.objects.filter(payment_id=payment_id, stage=Stage.INLINE).first()
    return rules.sentences(inline.rule_set, inline.reasons) if inline else []


def locked_case(case_id: uuid.UUID) -> RiskCase:
    """A case, its row locked until the caller's transaction ends.

    Raises:
        CaseUnknown: there is none.
    """
    case = RiskCase.objects.select_for_update().filter(id=case_id).first()
    if case is None:
        raise CaseUnknown()
    return case


def after_features(subject: Subject, *, paid_at: datetime, zone: str) -> Features:
    """The slow features of a paid payment, from the decisions stored before it.

    Args:
        subject: the payment and its parties.
        paid_at: the moment to look back from; aware.
        zone: IANA name of the payee's time zone, for the hour on the clock there.
    """
    paid = RiskDecision.objects.filter(stage=Stage.AFTER, decided_at__lte=paid_at).exclude(
        payment_id=subject.payment_id
    )
    by_payer = paid.filter(payer_id=subject.payer_id)
    last_hour = by_payer.filter(decided_at__gt=paid_at - timedelta(hours=1))
    last_day = by_payer.filter(decided_at__gt=paid_at - timedelta(hours=24))
    to_payee = paid.filter(payee_id=subject.payee_id)
    return {
        "amount_minor": subject.amount_minor,
        "payer_payments_1h": last_hour.count(),
        "payer_payees_1h": last_hour.order_by().values("payee_id").distinct().count(),
        "payer_sum_24h_minor": last_day.aggregate(sum=Sum("amount_minor"))["sum"] or 0,
        "payee_payments_60s": to_payee.filter(
            decided_at__gt=paid_at - timedelta(seconds=60)
        ).count(),
        "payee_payers_24h": (
            to_payee.filter(decided_at__gt=paid_at - timedelta(hours=24))
            .order_by()
            .values("payer_id")
            .distinct()
            .count()
        ),
        "device_payers_30d": _device_payers(subject, paid_at),
        "first_to_payee": not by_payer.filter(payee_id=subject.payee_id).exists(),
        "local_hour": paid_at.astimezone(ZoneInfo(zone)).hour,
    }


def _device_payers(subject: Subject, paid_at: datetime) -> int | None:
    """How many people have paid with the device lately, this payer included."""
    if subject.device_id is None:
        return None
    lately = RiskDecision.objects.filter(
        device_id=subject.device_id, decided_at__gt=paid_at - timedelta(days=30)
    )
    payers = set(lately.order_by().values_list("payer_id", flat=True).distinct())
    return len(payers | {subject.payer_id})
