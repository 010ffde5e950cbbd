"""Set a colour by hand: two people, a listed reason, evidence, and an end."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from healthcode.decisions import queries, rules
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import Decision, Notice, Override
from healthcode.decisions.usecases.change_evidence import put_override
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.usecases.raise_alarm import raise_alarm
from healthcode.decisions.values import NoticeKind, OverrideReason, Trigger
from healthcode.evidence.models import Evidence
from healthcode.evidence.queries import as_item, items_of
from healthcode.rules.facts import has_ended
from healthcode.rules.values import Colour


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
    third: str = "",
    batch_size: int = 1,
) -> Decision:
    """Put an approved override in force, tell the person, and decide.

    Only the executor of an approval calls this; the same approval takes effect once for
    each person. One of several (`batch_size`) names a third person who approved.

    Raises:
        rules.OverrideRefused: something an override needs is missing.
        rules.TooManyAtOnce: the maker has had MAX_OVERRIDES_A_DAY within a day.

    Locks: the subject.
    """
    rules.check_override(colour=colour, reason=reason, hours=hours, legal_basis=legal_basis)
    if maker == checker:
        raise rules.OverrideRefused(field="checker")
    check_evidence(subject_id, colour, reason, evidence)
    now = clock.now()
    passage = Passage.OVERRIDE if batch_size == 1 else Passage.OVERRIDE_OF_MANY
    override, is_new = put_override(
        authority=Authority(
            passage, maker, tuple(name for name in (checker, third) if name), approval_id
        ),
        subject_id=subject_id,
        approval_id=approval_id,
        facts={
            "colour": colour,
            "reason": reason,
            "legal_basis": legal_basis,
            "evidence": [str(row) for row in evidence],
            "starts_at": now,
            "ends_at": now + timedelta(hours=hours),
            "maker": maker,
            "checker": checker,
            "third": third,
            "batch_size": batch_size,
        },
    )
    if is_new:
        _check_day(maker)
        _tell(override)
    return decide_colour(subject_id=subject_id, trigger=Trigger.OVERRIDE)


def check_evidence(
    subject_id: uuid.UUID, colour: Colour, reason: OverrideReason, evidence: Sequence[uuid.UUID]
) -> None:
    """Check that the evidence named is about that person, stands, and says what the reason says.

    A case that was closed or a quarantine that ended since is no ground any more.

    Raises:
        rules.OverrideRefused: it does not.
    """
    grounds = Evidence.objects.filter(
        id__in=evidence, subject_id=subject_id, retracts__isnull=True, evidence__isnull=True
    )
    items = [as_item(row) for row in grounds]
    if not evidence or len(items) != len(set(evidence)):
        raise rules.OverrideRefused(field="evidence")
    if colour is not Colour.GREEN:
        history = items_of(subject_id, at=clock.now())
        items = [item for item in items if not has_ended(item, history)]
    rules.check_grounds(reason, colour, items)


def _check_day(maker: str) -> None:
    count = queries.overrides_by_maker(since=clock.now() - queries.DAY).get(maker, 0)
    if count > rules.MAX_OVERRIDES_A_DAY:
        raise rules.TooManyAtOnce(field="maker", limit=rules.MAX_OVERRIDES_A_DAY)


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
        actor=operator_actor(override.maker),
        target=f"subject:{override.subject.alias}",
        purpose=override.legal_basis,
        after={
            "colour": override.colour,
            "checker": override.checker,
            "third": override.third,
            "id": str(override.id),
        },
    )
    since = clock.now() - queries.DAY
    count = queries.overrides_by_maker(since=since).get(override.maker, 0)
    if count == rules.OVERRIDES_A_DAY:
        raise_alarm(kind="MANY_OVERRIDES", facts={"maker": override.maker, "count": count})
