"""Take a list of people as evidence, and take it back when the list ends."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from config.kernel.due_times import Earliest
from healthcode.decisions import rules
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import PersonList, Tally
from healthcode.decisions.queries import DAY, listed_since
from healthcode.decisions.usecases.change_evidence import Statement, report, retract_all
from healthcode.decisions.usecases.raise_alarm import raise_alarm
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import SubjectUnknown
from healthcode.subjects.values import SubjectState

# A list as long as this one calls the operators, whoever approved it.
LONG_LIST = 20


@transactions.atomic_retry
def import_list(
    *,
    subjects: Sequence[uuid.UUID],
    kind: str,
    case_reference: str,
    purpose: str,
    days: int,
    maker: str,
    checkers: Sequence[str],
    approval_id: uuid.UUID,
) -> PersonList:
    """Record one piece of evidence for each person on an approved list.

    The same approval takes effect once. The list ends by itself after `days`, shows in
    the public statistics at once, and raises an alarm if it is long.

    Raises:
        rules.ListRefused: something a list needs is missing, or fewer than three people
            stand behind it.
        rules.TooManyAtOnce: it is too long, or the day's lists together are.
        SubjectUnknown: somebody on it has no health code.

    Locks: the day's lists.
    """
    earlier_list = PersonList.objects.filter(approval_id=approval_id).first()
    if earlier_list is not None:
        return earlier_list
    people = sorted(set(subjects))
    says = rules.check_list(
        kind=kind, case_reference=case_reference, purpose=purpose, days=days, people=len(people)
    )
    # Lists are taken one after another, so that two at once do not pass under one cap.
    Tally.objects.get_or_create(id=1)
    Tally.objects.select_for_update().get(id=1)
    rules.check_listed_day(people=len(people), listed=listed_since(clock.now() - DAY))
    if len({maker, *checkers}) < 3:
        raise rules.ListRefused(field="checkers")
    active = Subject.objects.filter(id__in=people, state=SubjectState.ACTIVE).count()
    if active != len(people):
        raise SubjectUnknown(field="subjects")
    now = clock.now()
    person_list = PersonList.objects.create(
        kind=says,
        case_reference=case_reference,
        purpose=purpose,
        people=len(people),
        imported_at=now,
        expires_at=now + timedelta(days=days),
        maker=maker,
        checkers=list(checkers),
        approval_id=approval_id,
    )
    for subject_id in people:
        report(
            authority=Authority(Passage.LIST, maker, tuple(checkers), approval_id),
            statement=Statement(
                subject_id=subject_id,
                kind=EvidenceKind(says.value),
                source=Source.AUTHORITY,
                source_ref=f"{_prefix(person_list)}{subject_id}",
                observed_at=now,
                payload={"case": case_reference},
            ),
        )
    _announce(person_list)
    return person_list


def _prefix(person_list: PersonList) -> str:
    return f"list:{person_list.id}:"


def _announce(person_list: PersonList) -> None:
    facts = {"list": str(person_list.id), "kind": person_list.kind, "people": person_list.people}
    chain.record(
        action="health.import_list",
        actor=operator_actor(person_list.maker),
        target=f"list:{person_list.id}",
        purpose=person_list.purpose,
        after={**facts, "case": person_list.case_reference, "checkers": person_list.checkers},
    )
    if person_list.people >= LONG_LIST:
        raise_alarm(kind="LONG_LIST", facts={**facts, "maker": person_list.maker})


@transactions.atomic_retry
def expire_lists(*, now: datetime) -> int:
    """Take back what lists said whose time is over; returns how many lists ended."""
    due = PersonList.objects.filter(expired_at__isnull=True, expires_at__lte=now)
    count = 0
    for ended in due.select_for_update():
        rows = Evidence.objects.filter(
            source=Source.AUTHORITY,
            source_ref__startswith=_prefix(ended),
            retracts__isnull=True,
            evidence__isnull=True,
        )
        retract_all(
            authority=Authority(Passage.LIST_ENDED),
            evidence_ids=rows.values_list("id", flat=True),
            reason=f"list {ended.id} has ended",
        )
        PersonList.objects.filter(id=ended.id).update(expired_at=now)
        count += 1
    return count


# When the next list ends.
next_expiry = Earliest(lambda: PersonList.objects.filter(expired_at__isnull=True), "expires_at")
