"""Values of risk scoring: what rules may look at, and what they answer. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any


class Decision(StrEnum):
    """What is to be done with a movement, mildest first.

    DELAY is a cool-off: not now, and after it not without a challenge.
    """

    ACCEPT = "ACCEPT"
    REVIEW = "REVIEW"
    CHALLENGE = "CHALLENGE"
    DELAY = "DELAY"
    REJECT = "REJECT"

    @classmethod
    def _missing_(cls, value: object) -> "Decision | None":
        """Read the names of events written before 2026-11-28."""
        return {"APPROVE": cls.ACCEPT, "DECLINE": cls.REJECT}.get(str(value))


SEVERITY: Mapping[Decision, int] = {decision: rank for rank, decision in enumerate(Decision)}


class Stage(StrEnum):
    """When a decision was made: before the money moved, or after, with slower features."""

    INLINE = "INLINE"
    AFTER = "AFTER"


class Movement(StrEnum):
    """Ways in which money leaves a wallet or a merchant's balance."""

    CODE = "CODE"
    SCAN = "SCAN"
    DEBIT = "DEBIT"
    TRANSFER = "TRANSFER"
    WITHDRAWAL = "WITHDRAWAL"
    MERCHANT_TRANSFER = "MERCHANT_TRANSFER"


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


class ListKind(StrEnum):
    """What being on a list means: refused, never refused by a rule that asks, or watched."""

    BLOCK = "block"
    ALLOW = "allow"
    WATCH = "watch"


class ListedKind(StrEnum):
    """What can stand on a list."""

    PAYER = "payer"
    PAYEE = "payee"
    DEVICE = "device"


UNLISTED = "none"
Value = int | float | bool | str | None
Features = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition in CEL; where it is true, add `weight` and ask for at least `decision`.

    Attributes:
        program: the compiled condition.
        features: the features that it names; one that is unknown keeps the rule silent.
        movements: the movements it judges.
        is_limit: it fires, too, where a feature could not be read: a limit fails closed.
        holds_payout: the payee's payouts wait until the case is resolved.
    """

    name: str
    stage: Stage
    when: str
    program: Any
    features: frozenset[str]
    movements: frozenset[Movement]
    decision: Decision
    weight: int
    opens_case: bool
    is_limit: bool
    holds_payout: bool
    sentence: str


@dataclass(frozen=True)
class RuleSet:
    """A version of the rules; never edited once in force.

    Attributes:
        review_score: the score from which a movement is looked at by people.
        model: version of the model that gives `model_score`; "" for none.
        challenger: version of a model scored beside it without effect; "" for none.
    """

    version: str
    rules: tuple[Rule, ...]
    review_score: int
    model: str = ""
    challenger: str = ""

    def of(self, stage: Stage, movement: Movement) -> tuple[Rule, ...]:
        """The rules that judge a movement at a stage."""
        return self._by_use[stage, movement][0]

    def needed(self, stage: Stage, movement: Movement) -> frozenset[str]:
        """The features that some rule of this use names; no other is computed."""
        return self._by_use[stage, movement][1]

    @cached_property
    def _by_use(self) -> dict[tuple[Stage, Movement], tuple[tuple[Rule, ...], frozenset[str]]]:
        uses = {}
        for stage in Stage:
            for movement in Movement:
                chosen = tuple(
                    rule
                    for rule in self.rules
                    if rule.stage is stage and movement in rule.movements
                )
                names = frozenset(name for rule in chosen for name in rule.features)
                uses[stage, movement] = (chosen, names)
        return uses


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a rule set: decision, score 0 to 100, and the names of the rules that fired.

    `degraded` names what could not be used: the model, the counters or a rule.
    """

    decision: Decision
    score: int
    reasons: tuple[str, ...]
    opens_case: bool
    rule_set: str
    degraded: tuple[str, ...] = ()
    holds_payout: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom and what a decision is about. `device_id` is None where no device is known.

    `payment_id` is the id of the payment, transfer or withdrawal. Who withdraws is payer
    and payee.
    """

    payment_id: uuid.UUID
    payer_id: uuid.UUID
    payee_id: uuid.UUID
    device_id: uuid.UUID | None
    amount_minor: int
    currency: str
    movement: Movement = Movement.CODE
