"""Decide a subject's colour anew."""

import uuid
from datetime import datetime, timedelta

from config.kernel import clock, transactions
from config.kernel.outbox import writes as outbox
from healthcode.decisions import queries, rules
from healthcode.decisions.models import Alarm, Decision, Head, Notice, Override
from healthcode.decisions.usecases.raise_alarm import raise_alarm
from healthcode.decisions.values import GENESIS, NoticeKind, Trigger
from healthcode.evidence import queries as evidence
from healthcode.rules import publication
from healthcode.rules.assess import assess
from healthcode.rules.facts import Facts, project
from healthcode.rules.values import Assessment, Colour, RuleSet
from healthcode.subjects.models import Subject

CHANGED = "health.colour_changed"
ALARM_EVERY = timedelta(hours=1)


@transactions.atomic_retry
def decide_colour(*, subject_id: uuid.UUID, trigger: Trigger) -> Decision:
    """Judge a subject's evidence now; write a decision where it says something new.

    A rule that fails keeps the colour before (UNKNOWN at first) and raises an alarm. An
    override in force sets the colour over whatever the rules say. Deciding twice on the
    same evidence writes one row.

    Raises:
        Subject.DoesNotExist: there is no such subject.

    Locks: the subject.
    """
    subject = Subject.objects.select_for_update().get(id=subject_id)
    at = clock.now()
    rule_set = queries.rule_set_in_force(subject.region)
    facts = project(evidence.items_of(subject.id, at=at), at=at)
    assessment = assess(facts, rule_set, at=at)
    override = queries.override_in_force(subject.id, at=at)
    head = queries.head_of(subject.id)
    last = head.decision if head else None
    decision = _build(subject, rule_set, assessment, override, last, at, trigger)
    if last is None or _is_new(decision, last):
        decision.hash = rules.digest(queries.members(decision))
        decision.save(force_insert=True)
        _tell(decision, last)
    else:
        decision = last
    _look_again(decision, facts, override, head, trigger)
    return decision


def _build(
    subject: Subject,
    rule_set: RuleSet,
    assessment: Assessment,
    override: Override | None,
    last: Decision | None,
    at: datetime,
    trigger: Trigger,
) -> Decision:
    """The decision as it would be written, unsaved."""
    decision = Decision(
        subject=subject,
        seq=last.seq + 1 if last else 1,
        colour=assessment.colour.value,
        reasons=[rules.reason_members(reason) for reason in assessment.reasons],
        advisories=[rules.reason_members(reason) for reason in assessment.advisories],
        rule_set=rule_set.version,
        rule_set_hash=rule_set.content_hash,
        computed_at=at,
        valid_until=assessment.valid_until,
        trigger=trigger,
        indeterminate=assessment.indeterminate,
        prev_hash=last.hash if last else GENESIS,
    )
    if assessment.indeterminate:
        decision.colour = last.colour if last else Colour.UNKNOWN.value
        decision.reasons = last.reasons if last else []
        decision.valid_until = None
    if override is not None:
        decision.colour = override.colour
        decision.override = override
        decision.valid_until = rules.earliest(decision.valid_until, override.ends_at)
    return decision


def _is_new(decision: Decision, last: Decision) -> bool:
    said, before = (
        (row.colour, row.reasons, row.advisories, row.valid_until, row.override_id,
         row.indeterminate, row.rule_set_hash)
        for row in (decision, last)
    )  # fmt: skip
    return said != before


def _tell(decision: Decision, last: Decision | None) -> None:
    """Tell the person of a new colour, the operators of a failed rule, the world of both."""
    if decision.indeterminate:
        _call_operators(decision)
    before = last.colour if last else Colour.UNKNOWN.value
    if decision.colour != before:
        Notice.objects.create(
            subject_id=decision.subject_id,
            kind=NoticeKind.COLOUR_CHANGED,
            at=decision.computed_at,
            facts={"before": before, "after": decision.colour},
        )
    if last is not None and last.override_id and not decision.override_id:
        Notice.objects.create(
            subject_id=decision.subject_id,
            kind=NoticeKind.OVERRIDE_ENDED,
            at=decision.computed_at,
            facts={"colour": decision.colour},
        )
    outbox.add(
        topic=CHANGED,
        aggregate_id=decision.subject_id,
        payload={"subject_id": str(decision.subject_id), "decision_id": str(decision.id)},
    )


def _call_operators(decision: Decision) -> None:
    """One alarm an hour for a rule set that fails, not one for each of millions of people."""
    lately = Alarm.objects.filter(kind="RULE_FAILED", at__gt=decision.computed_at - ALARM_EVERY)
    told = lately.values_list("facts__rule_set", flat=True)
    if decision.rule_set not in set(told):
        facts = {"subject": str(decision.subject_id), "rule_set": decision.rule_set}
        raise_alarm(kind="RULE_FAILED", facts=facts, at=decision.computed_at)


def _look_again(
    decision: Decision,
    facts: Facts,
    override: Override | None,
    head: Head | None,
    trigger: Trigger,
) -> None:
    """Write down how the subject stands and when to look again; tell of a missed day."""
    at = clock.now()
    running = facts["clean"]["running"]
    missed = trigger is Trigger.MISSED_CHECKIN and head is not None and not running
    if missed and head is not None and head.clean_running:
        Notice.objects.create(
            subject_id=decision.subject_id,
            kind=NoticeKind.CHECKIN_MISSED,
            at=at,
            facts={"days": head.clean_running},
        )
    ends = override.ends_at if override else None
    Head.objects.update_or_create(
        subject_id=decision.subject_id,
        defaults={
            "decision": decision,
            "recolour_at": rules.earliest(
                decision.valid_until, ends, publication.next_in_force(after=clock.now())
            ),
            "checkin_due_at": rules.checkin_due(facts, Colour(decision.colour), at),
            "clean_running": running,
        },
    )
