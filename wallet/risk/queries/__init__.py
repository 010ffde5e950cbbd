"""Reads of risk: the rules in force, decisions with their reasons, the cases to work on."""

import uuid

from django.db.models import QuerySet

from config.kernel.errors import NotFound
from wallet.risk import rules
from wallet.risk.models import RiskCase, RiskDecision
from wallet.risk.queries.current import in_force, version_named
from wallet.risk.values import RuleSet, Stage


class CaseUnknown(NotFound):
    """There is no such case."""

    code = "case_not_found"
    message = "There is no such case."


def rules_in_force() -> RuleSet:
    """The rule set every decision of now is made by.

    Raises:
        RuleSetUnknown: the setting names a version that does not exist.
    """
    return in_force().rules


def decisions_of(payment_id: uuid.UUID) -> QuerySet[RiskDecision]:
    """The decisions made about a payment, newest first."""
    return RiskDecision.objects.filter(payment_id=payment_id).select_related("case")


def notices_of(payment_id: uuid.UUID) -> list[str]:
    """Why a payment was not simply paid, in plain words for its payer."""
    inline = RiskDecision.objects.filter(payment_id=payment_id, stage=Stage.INLINE).first()
    return sentences(inline.rule_set, inline.reasons) if inline else []


def sentences(version: str, reasons: list[str]) -> list[str]:
    """Why, in plain words, by the rule set that decided; the score is never shown."""
    try:
        return rules.sentences_of(version_named(version), reasons)
    except rules.RuleSetUnknown:
        return []


def case_of(case_id: uuid.UUID) -> RiskCase:
    """A case to look at.

    Raises:
        CaseUnknown: there is none.
    """
    case = RiskCase.objects.filter(id=case_id).first()
    if case is None:
        raise CaseUnknown()
    return case


def locked_case(case_id: uuid.UUID) -> RiskCase:
    """A case, its row locked until the caller's transaction ends.

    Raises:
        CaseUnknown: there is none.
    """
    case = RiskCase.objects.select_for_update().filter(id=case_id).first()
    if case is None:
        raise CaseUnknown()
    return case
