"""Record a verdict that stops a movement, and return the payer's error."""

from datetime import datetime, timedelta

from wallet.risk.queries import sentences
from wallet.risk.rules import PaymentDeclined, PaymentDelayed
from wallet.risk.usecases.assess_movement import Assessed, assess_movement, cool_off_left
from wallet.risk.usecases.record_verdict import record_verdict
from wallet.risk.values import Decision, Features, Stage, Subject, Verdict

STOPS = frozenset({Decision.REJECT, Decision.DELAY})


def screen_movement(*, subject: Subject, context: Features, at: datetime) -> Assessed:
    """Judge a movement before its money moves, and stop it where the rules say so.

    Call it outside a transaction: the verdict must survive the refusal. A verdict that
    fired rules is stored; a plain one is stored when the movement is scored afterwards.

    Raises:
        PaymentDeclined: the rules reject it; `reasons` is for the payer.
        PaymentDelayed: it can be made later; `retry_after_s` says when.
    """
    assessed = assess_movement(subject=subject, context=context, at=at)
    verdict = assessed.verdict
    if verdict.decision in STOPS:
        raise refuse_movement(
            subject=subject, verdict=verdict, features=assessed.features, decided_at=at
        )
    if verdict.reasons:
        record_verdict(
            subject=subject,
            verdict=verdict,
            stage=Stage.INLINE,
            features=assessed.features,
            decided_at=at,
        )
    return assessed


def refuse_movement(
    *, subject: Subject, verdict: Verdict, features: Features, decided_at: datetime
) -> PaymentDeclined:
    """Store a verdict that stops a movement; gives the refusal in plain words."""
    left = cool_off_left(subject, at=decided_at) or timedelta()
    record_verdict(
        subject=subject,
        verdict=verdict,
        stage=Stage.INLINE,
        features=features,
        decided_at=decided_at,
    )
    return refusal_of(verdict, left)


def refusal_of(verdict: Verdict, left: timedelta) -> PaymentDeclined:
    """A verdict as the payer hears it; `left` is what remains of a cool-off."""
    why = " ".join(sentences(verdict.rule_set, list(verdict.reasons)))
    if verdict.decision is Decision.DELAY:
        return PaymentDelayed(reasons=why, retry_after_s=int(left.total_seconds()))
    return PaymentDeclined(reasons=why)
