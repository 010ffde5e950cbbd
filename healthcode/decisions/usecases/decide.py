"""Decide a subject's colour anew."""

import uuid
from datetime import datetime, timedelta

from config.kernel import clock, transactions
from config.kernel.outbox import writes as outbox
from healthcode.decisions import chain, queries, rules
from healthcode.decisions.models import Alarm, Decision, Head, Notice, Override
from healthcode.decisions.outcome import Outcome, outcome, override_reason, reason_members
from healthcode.decisions.residence import Judgement, judge
from healthcode.decisions.usecases.raise_alarm import raise_alarm
from healthcode.decisions.values import GENESIS, NoticeKind, Trigger
from healthcode.evidence import queries as evidence
from healthcode.evidence.register import Sums, enter
from healthcode.rules import publication
from healthcode.rules.values import Colour
from healthcode.subjects.models import Subject

CHANGED = "health.colour_changed"
ALARM_EVERY = timedelta(hours=1)


@transactions.atomic_retry
def decide_colour(*, subject_id: uuid.UUID, trigger: Trigger) -> Decision:
    """Judge a subject's evidence now; write a decision where it says something new.

    A rule that fails, fails alone: the worse of the colour before (UNKNOWN at first) and
    of what the others say counts, and an alarm is raised. Nobody is green whose identity
    is not proven or who has given no answers. An override in force sets the colour over
    whatever the rules say, and is among the reasons. The rules are those of the region, and
    of regions lately left, see `residence`. Deciding twice on the same evidence
    writes one row.

    Raises:
        Subject.DoesNotExist: there is no such subject.

    Locks: the subject.
    """
    subject = Subject.objects.select_for_update().get(id=subject_id)
    at = clock.now()
    items = evidence.items_of(subject.id, at=at)
    judgement = judge(items, region=subject.region, at=at)
    override = queries.override_in_force(subject.id, at=at)
    head = queries.head_of(subject.id)
    last = head.decision if head else None
    settled = outcome(judgement.assessment, _former(last), queries.missing_of(subject, items))
    decision = _build(subject, judgement, settled, last, at, trigger)
    _set_by_hand(decision, override)
    if last is None or _is_new(decision, last):
        decision.hash = chain.hash_of(decision)
        decision.save(force_insert=True)
        _tell(decision, last)
    else:
        decision = last
    _schedule_recheck(decision, judgement, override, head, trigger)
    return decision


def _former(last: Decision | None) -> Outcome | None:
    """What was decided before; a colour by hand is no colour that a failing rule keeps."""
    if last is None or last.override_id:
        return None
    return Outcome(Colour(last.colour), list(last.reasons), None)


def _build(
    subject: Subject,
    judgement: Judgement,
    settled: Outcome,
    last: Decision | None,
    at: datetime,
    trigger: Trigger,
) -> Decision:
    """The decision as the rules would have it, unsaved."""
    return Decision(
        subject=subject,
        seq=last.seq + 1 if last else 1,
        colour=settled.colour.value,
        reasons=settled.reasons,
        advisories=[reason_members(reason) for reason in judgement.assessment.advisories],
        rule_set=judgement.rule_set.version,
        rule_set_hash=judgement.rule_set.content_hash,
        computed_at=at,
        valid_until=settled.valid_until,
        trigger=trigger,
        indeterminate=judgement.assessment.indeterminate,
        prev_hash=last.hash if last else GENESIS,
    )


def _set_by_hand(decision: Decision, override: Override | None) -> None:
    """Let an override in force say the colour; what the rules say stays among the reasons."""
    if override is None:
        return
    by_hand = override_reason(override.reason, override.colour, override.evidence, override.ends_at)
    decision.colour = override.colour
    decision.reasons = [by_hand, *decision.reasons]
    decision.override = override
    decision.valid_until = rules.earliest(decision.valid_until, override.ends_at)


def _is_new(decision: Decision, last: Decision) -> bool:
    after, before = (
        (row.colour, row.reasons, row.advisories, row.valid_until, row.override_id,
         row.indeterminate, row.rule_set_hash)
        for row in (decision, last)
    )  # fmt: skip
    return after != before


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
        aggregate_id=decision.subject.alias,
        payload={"subject": str(decision.subject.alias), "decision_id": str(decision.id)},
    )


def _call_operators(decision: Decision) -> None:
    """One alarm an hour for a rule set that fails, not one for each of millions of people."""
    lately = Alarm.objects.filter(kind="RULE_FAILED", at__gt=decision.computed_at - ALARM_EVERY)
    rule_sets = lately.values_list("facts__rule_set", flat=True)
    if decision.rule_set not in set(rule_sets):
        facts = {"subject": str(decision.subject.alias), "rule_set": decision.rule_set}
        raise_alarm(kind="RULE_FAILED", facts=facts, at=decision.computed_at)


def _schedule_recheck(
    decision: Decision,
    judgement: Judgement,
    override: Override | None,
    head: Head | None,
    trigger: Trigger,
) -> None:
    """Store how the subject stands and when to decide again; tell of a missed day."""
    at = clock.now()
    running = judgement.facts["clean"]["running"]
    missed = trigger is Trigger.MISSED_CHECKIN and head is not None and not running
    if missed and head is not None and head.clean_running:
        Notice.objects.create(
            subject_id=decision.subject_id,
            kind=NoticeKind.CHECKIN_MISSED,
            at=at,
            facts={"days": head.clean_running},
        )
    ends = override.ends_at if override else None
    present, _ = Head.objects.update_or_create(
        subject_id=decision.subject_id,
        defaults={
            "decision": decision,
            "recolour_at": rules.earliest(
                decision.valid_until,
                judgement.look_again_at,
                ends,
                publication.next_in_force(after=clock.now()),
            ),
            "checkin_due_at": rules.checkin_due(
                judgement.facts, Colour(decision.colour), at, zone=judgement.rule_set.zone
            ),
            "clean_running": running,
        },
    )
    if head is None or head.decision_id != decision.id:
        _enter(head, present)


def _enter(former: Head | None, present: Head) -> None:
    """Let the register know where the chain ends now."""
    sums = Sums()
    if former is not None:
        chain.enter_head(sums, former, sign=-1)
    chain.enter_head(sums, present)
    enter(sums)
