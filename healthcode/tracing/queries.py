"""Who was seen where. Only check-ins that prove presence are ever read here."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from healthcode.evidence.models import Evidence
from healthcode.evidence.values import TESTS, EvidenceKind, Source
from healthcode.tracing import rules
from healthcode.tracing.values import Sighting, Stay, Wish
from healthcode.verification.models import CheckIn
from healthcode.verification.values import PROVEN, Direction

_STANDS = (Source.LABORATORY, Source.AUTHORITY)


def is_ground(subject_id: uuid.UUID, evidence_id: uuid.UUID) -> bool:
    """Whether a laboratory or authority found this person ill, and has not taken it back."""
    row = Evidence.objects.filter(
        id=evidence_id,
        subject_id=subject_id,
        source__in=_STANDS,
        retracts__isnull=True,
        evidence__isnull=True,
    ).first()
    if row is None:
        return False
    positive = row.payload.get("result") == "positive"
    final = row.payload.get("status", "final") == "final"
    return row.kind == EvidenceKind.CASE_OPEN or (row.kind in TESTS and positive and final)


def shared_stays(wish: Wish) -> list[Stay]:
    """The parts of other people's stays that they shared with the ill person."""
    own = _stays([wish.subject_id], since=wish.begins_at, until=wish.ends_at)
    if not own:
        return []
    venues = {stay.venue_id for stay in own}
    begin = min(stay.begins_at for stay in own)
    end = max(stay.ends_at for stay in own)
    others = set(
        _proven(begin - rules.LONGEST_STAY, end)
        .filter(venue_id__in=venues)
        .exclude(subject_id=wish.subject_id)
        .values_list("subject_id", flat=True)
    )
    other_stays = _stays(sorted(others), since=begin, until=end)
    return rules.overlaps(own, other_stays, minutes=wish.minutes)


def _stays(subjects: Sequence[uuid.UUID], *, since: datetime, until: datetime) -> list[Stay]:
    """The parts of some people's stays that lie in a window.

    Who was inside when it begins counts, and what followed is read to see the end.
    """
    rows = _proven(since - rules.LONGEST_STAY, until + rules.LONGEST_STAY).filter(
        subject_id__in=subjects
    )
    sightings = [
        Sighting(subject_id, venue_id, at, direction == Direction.IN, closes_at)
        for subject_id, venue_id, at, direction, closes_at in rows.values_list(
            "subject_id", "venue_id", "at", "direction", "venue__closes_at"
        )
    ]
    parts = [rules.clipped(stay, since=since, until=until) for stay in rules.stays(sightings)]
    return [stay for stay in parts if stay is not None]


def _proven(since: datetime, until: datetime) -> QuerySet[CheckIn]:
    """What a gate or the staff saw, and the person has not denied."""
    return CheckIn.objects.filter(
        presence__in=PROVEN, denied_at__isnull=True, at__gte=since, at__lte=until
    )
