"""Set a colour by hand: two people, a listed reason, evidence, and an end."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.decisions import queries, rules
from healthcode.decisions.models import Alarm, Decision, Notice, Override
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import NoticeKind, OverrideReason, Trigger
from healthcode.evidence.models import Evidence
from healthcode.rules.values import Colour

# One operator who asks for this many within a day is looked at by others.
OVERRIDES_A_DAY = 20


@transactions.atomic_retry
def set_override(
    *,
    subject_id: uuid.UUID,
    colour: Colour,
    reason: OverrideReason,
    legal_basis: str,
    hours: int,
    evidence: Sequence[uuid.UUID],
    maker: str,
    checker: str,
    approval_id: uuid.UUID,
) -> Decision:
    """Put an approved override in force, tell the person, and decide.

    Only the executor of an approval calls this; the same approval takes effect once.

    Raises:
        rules.OverrideRefused: something an override needs is missing.

    Locks: the subject.
    """
    rules.check_override(colour=colour, reason=reason, hours=hours, legal_basis=legal_basis)
    if maker == checker:
        raise rules.OverrideRefused(field="checker")
    grounds = Evidence.objects.filter(id__in=evidence, subject_id=subject_id).count()
    if not evidence or grounds != len(set(evidence)):
        raise rules.OverrideRefused(field="evidence")
    now = clock.now()
    override, made = Override.objects.get_or_create(
        approval_id=approval_id,
        defaults={
            "subject_id": subject_id,
            "colour": colour,
            "reason": reason,
            "legal_basis": legal_basis,
            "evidence": [str(row) for row in evidence],
            "starts_at": now,
            "ends_at": now + timedelta(hours=hours),
            "maker": maker,
            "checker": checker,
        },
    )
    if made:
        _tell(override)
    return decide_colour(subject_id=subject_id, trigger=Trigger.OVERRIDE)


def _tell(override: Override) -> None:
    Notice.objects.create(
        subject_id=override.subject_id,
        kind=NoticeKind.OVERRIDE_SET,
        facts={
            "colour": override.colour,
            "reason": override.reason,
            "until": override.ends_at.isoformat(),
        },
    )
    chain.record(
        action="health.override",
        actor=f"operator:{override.maker}",
        target=f"subject:{override.subject_id}",
        purpose=override.legal_basis,
        after={"colour": override.colour, "checker": override.checker, "id": str(override.id)},
    )
    since = clock.now() - queries.DAY
    count = queries.overrides_by_maker(since=since).get(override.maker, 0)
    if count == OVERRIDES_A_DAY:
        Alarm.objects.create(kind="MANY_OVERRIDES", facts={"maker": override.maker, "count": count})
