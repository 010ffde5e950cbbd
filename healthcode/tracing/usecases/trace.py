"""Find who was where an ill person was, make evidence of it, and tell them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import Notice
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.decisions.values import NoticeKind
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.subjects.rules import local_day
from healthcode.tracing import queries, rules
from healthcode.tracing.models import TraceCase, TraceMatch
from healthcode.tracing.values import Stay, TraceState, Wish
from healthcode.verification.models import AccessLogEntry
from healthcode.verification.rules import ACCESS_LOG_KEPT
from healthcode.verification.values import AccessKind

BY = "contact tracing"


@transactions.atomic_retry
def trace_contacts(
    *, wish: Wish, maker: str, checkers: Sequence[str], approval_id: uuid.UUID
) -> TraceCase:
    """Carry an approved search out, once; the same approval gives the same case.

    Everybody found gets a piece of evidence `venue_overlap`, which no rule may take for
    red, a notice and an entry in their access log; the ill person sees that their stays were
    read. Only the executor of an approval calls this.

    Raises:
        rules.TraceRefused: no ground for it, no proper window, or fewer than three people.
        rules.TraceTooWide: it would name more than MAX_PEOPLE.
    """
    earlier = TraceCase.objects.filter(approval_id=approval_id).first()
    if earlier is not None:
        return earlier
    now = clock.now()
    rules.check_three(maker, checkers)
    check_ground(wish, now=now)
    shared = queries.shared_stays(wish)
    people = {stay.subject_id for stay in shared}
    rules.check_people(len(people))
    case = TraceCase.objects.create(
        case_ref=wish.case_ref,
        subject_id=wish.subject_id,
        evidence_id=wish.evidence_id,
        purpose=wish.purpose,
        begins_at=wish.begins_at,
        ends_at=wish.ends_at,
        minutes=wish.minutes,
        people=len(people),
        maker=maker,
        first_checker=checkers[0],
        second_checker=checkers[1],
        approval_id=approval_id,
        made_at=now,
        due_at=now + rules.CASE_KEPT,
    )
    for stay in shared:
        _record(case, stay)
    for subject_id in sorted({wish.subject_id, *people}):
        _log(case, subject_id, now)
    chain.record(
        action="health.trace",
        actor=operator_actor(maker),
        target=f"trace:{case.id}",
        purpose=f"{case.case_ref}: {case.purpose}"[:200],
        after={"people": case.people, "checkers": list(checkers)},
    )
    return case


def check_ground(wish: Wish, *, now: datetime) -> None:
    """Check that there is a case to trace for.

    Raises:
        rules.TraceRefused: the wish is unsound, its number used, or nobody found them ill.
    """
    rules.check_wish(wish, now=now)
    if TraceCase.objects.filter(case_ref=wish.case_ref).exists():
        raise rules.TraceRefused(field="case_ref")
    if not queries.is_ground(wish.subject_id, wish.evidence_id):
        raise rules.TraceRefused(field="evidence")


def _record(case: TraceCase, stay: Stay) -> None:
    minutes = int((stay.ends_at - stay.begins_at).total_seconds() // 60)
    stay_name = f"{stay.subject_id} {stay.venue_id} {stay.begins_at.isoformat()}"
    reference = f"trace:{case.id}:{uuid.uuid5(case.id, stay_name)}"
    evidence = report(
        authority=Authority(
            Passage.TRACING, case.maker, (case.first_checker, case.second_checker), case.approval_id
        ),
        statement=Statement(
            subject_id=stay.subject_id,
            kind=EvidenceKind.VENUE_OVERLAP,
            source=Source.TRACING,
            source_ref=reference,
            observed_at=min(stay.ends_at, clock.now()),
            payload={"minutes": minutes, "inferred": stay.inferred},
        ),
    )
    TraceMatch.objects.get_or_create(
        case=case,
        subject_id=stay.subject_id,
        venue_id=stay.venue_id,
        begins_at=stay.begins_at,
        defaults={"ends_at": stay.ends_at, "evidence_id": evidence.id},
    )
    Notice.objects.create(
        subject_id=stay.subject_id,
        kind=NoticeKind.TRACED,
        facts={"day": local_day(stay.begins_at).isoformat(), "minutes": minutes},
    )


def _log(case: TraceCase, subject_id: uuid.UUID, now: datetime) -> None:
    AccessLogEntry.objects.create(
        subject_id=subject_id,
        at=now,
        kind=AccessKind.TRACED,
        by=BY,
        outcome="TRACED",
        facts={"purpose": case.purpose},
        delete_after=now + ACCESS_LOG_KEPT,
    )


@transactions.atomic_retry
def confirm_contacts(
    *, case_id: uuid.UUID, matches: Sequence[uuid.UUID], maker: str, checkers: Sequence[str]
) -> int:
    """Say of people found in a case that they were close contacts; again changes nothing.

    This is the step after a person, not a query, has spoken with them: `contact` may turn
    red, and so takes three people again and only those whom the case has found.

    Raises:
        rules.TraceRefused: fewer than three people, or somebody the case has not found.

    Locks: the matches.
    """
    rules.check_three(maker, checkers)
    rows = list(
        TraceMatch.objects.select_for_update()
        .filter(id__in=matches, case_id=case_id)
        .order_by("id")
    )
    if not rows or len(rows) != len(set(matches)):
        raise rules.TraceRefused(field="matches")
    for row in rows:
        report(
            authority=Authority(Passage.CONTACTS, maker, tuple(checkers)),
            statement=Statement(
                subject_id=row.subject_id,
                kind=EvidenceKind.CONTACT,
                source=Source.TRACING,
                source_ref=f"trace-contact:{row.id}",
                observed_at=min(row.ends_at, clock.now()),
                payload={},
            ),
        )
    TraceMatch.objects.filter(id__in=[row.id for row in rows]).update(contact=True)
    chain.record(
        action="health.confirm_contacts",
        actor=operator_actor(maker),
        target=f"trace:{case_id}",
        after={"people": len({row.subject_id for row in rows}), "checkers": list(checkers)},
    )
    return len(rows)


@transactions.atomic_retry
def expire_cases(*, now: datetime) -> int:
    """Forget whom a case found once it is old; delete its record after half a year."""
    due = list(TraceCase.objects.filter(due_at__lte=now).order_by("due_at")[:100])
    for case in due:
        if case.state == TraceState.EXPIRED:
            case.delete()
            continue
        TraceMatch.objects.filter(case=case).delete()
        case.state, case.subject, case.evidence_id = TraceState.EXPIRED, None, None
        case.due_at = case.made_at + rules.RECORD_KEPT
        case.save()
    return len(due)
