"""Declare a stay in another region."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.evidence import queries, rules
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.subjects.models import Subject


@transactions.atomic_retry
def declare_trip(
    *, subject: Subject, region: str, arrived_at: datetime, left_at: datetime
) -> Evidence:
    """Record a stay with the level of risk the region had then.

    The same trip declared again is the same evidence.

    Raises:
        rules.FromTheFuture, rules.TripInvalid, rules.TripOverlaps: as they say.

    Locks: the subject.
    """
    Subject.objects.select_for_update().get(id=subject.id)
    now = clock.now()
    rules.check_trip(arrived_at, left_at, now=now)
    payload = {
        "region": region,
        "arrived_at": arrived_at.isoformat(),
        "left_at": left_at.isoformat(),
    }
    declared = queries.trips_of(subject.id)
    same_trips = [trip for trip in declared if {**trip, "level": ""} == {**payload, "level": ""}]
    if not same_trips:
        rules.check_apart(arrived_at, left_at, declared)
        payload["level"] = queries.level_of(region, arrived_at, left_at).value
    return report(
        authority=Authority(Passage.SELF_REPORT),
        statement=Statement(
            subject_id=subject.id,
            kind=EvidenceKind.AREA_STAY,
            source=Source.SELF,
            source_ref=f"trip:{subject.id}:{trip_key(region, arrived_at, left_at)}",
            observed_at=left_at,
            payload=payload,
        ),
    )


def trip_key(region: str, arrived_at: datetime, left_at: datetime) -> uuid.UUID:
    """One name for one trip."""
    text = f"{region} {arrived_at.timestamp()} {left_at.timestamp()}"
    return uuid.uuid5(uuid.NAMESPACE_OID, text)
