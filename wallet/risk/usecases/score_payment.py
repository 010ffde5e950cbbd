"""Score a payment after the fact, with what took too long to know before it."""

from datetime import datetime

from wallet.risk import queries, rules
from wallet.risk.models import RiskDecision
from wallet.risk.usecases.record_verdict import record_verdict
from wallet.risk.values import Stage, Subject


def score_payment(*, subject: Subject, paid_at: datetime, zone: str) -> RiskDecision:
    """Judge a paid payment by the rule set in force and store the decision with its reasons.

    Scoring the same payment again gives the stored decision.

    Args:
        subject: the payment and its parties.
        paid_at: when it was paid; aware. The history looked at ends here.
        zone: IANA name of the payee's time zone.
    """
    features = queries.after_features(subject, paid_at=paid_at, zone=zone)
    verdict = rules.judge(queries.rules_in_force(), Stage.AFTER, features)
    return record_verdict(
        subject=subject,
        verdict=verdict,
        stage=Stage.AFTER,
        features=features,
        decided_at=paid_at,
    )
