"""Values of risk scoring: what rules may look at, and what they answer. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What is to be done with a payment, mildest first."""

    APPROVE = "APPROVE"
    REVIEW = "REVIEW"
    CHALLENGE = "CHALLENGE"
    DECLINE = "DECLINE"


SEVERITY: Mapping[Decision, int] = {decision: rank for rank, decision in enumerate(Decision)}


class Stage(StrEnum):
    """When a decision was made: before the money moved, or after, with slower features."""

    INLINE = "INLINE"
    AFTER = "AFTER"


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"
    RESOLVED = "RESOLVED"


class CaseOutcome(StrEnum):
    """What an analyst found."""

    CONFIRMED_RISK = "CONFIRMED_RISK"
    FALSE_POSITIVE = "FALSE_POSITIVE"
    VALUABLE_ALERT = "VALUABLE_ALERT"


class Operator(StrEnum):
    """How a condition compares a feature with its value."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    IS = "is"


Value = int | float | bool | None
Features = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; a feature that is None satisfies none."""

    feature: str
    operator: Operator
    value: int | float | bool


@dataclass(frozen=True, slots=True)
class Rule:
    """All conditions true: add `weight` to the score and ask for at least `decision`."""

    name: str
    stage: Stage
    conditions: tuple[Condition, ...]
    decision: Decision
    weight: int
    opens_case: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A version of the rules; never edited once in force.

    `review_score` is the score from which a payment is looked at by people.
    """

    version: str
    rules: tuple[Rule, ...]
    review_score: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a rule set: decision, score 0 to 100, and the names of the rules that fired."""

    decision: Decision
    score: int
    reasons: tuple[str, ...]
    opens_case: bool
    rule_set: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom and what a decision is about. `device_id` is None where no device is known."""

    payment_id: uuid.UUID
    payer_id: uuid.UUID
    payee_id: uuid.UUID
    device_id: uuid.UUID | None
    amount_minor: int
    currency: str
