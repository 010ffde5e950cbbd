"""Reading what is published, and what there is to count."""

from collections import defaultdict
from datetime import datetime

from django.db.models import QuerySet

from healthcode.footfall import rules
from healthcode.footfall.models import Cell, Dataset
from healthcode.footfall.values import DatasetState
from healthcode.subjects.rules import ZONE
from healthcode.verification.models import CheckIn
from healthcode.verification.values import PROVEN, Direction


def published(area: str, hour: datetime, *, at: datetime) -> int | None:
    """The published count of a cell; None: suppressed, which nobody having been there is too.

    Raises:
        rules.FootfallNotPublished: it is too early.
    """
    if at < hour + rules.HOUR + rules.PUBLISHED_AFTER:
        raise rules.FootfallNotPublished(field="hour")
    dataset = Dataset.objects.filter(hour=hour).first()
    if dataset is not None and dataset.state != DatasetState.PUBLISHED:
        raise rules.FootfallNotPublished(field="hour")
    cell = Cell.objects.filter(dataset_id=hour, area=area).first()
    return cell.count if cell else None


def next_hour() -> datetime | None:
    """The first hour that is not sealed and in which anybody came in anywhere."""
    last = Dataset.objects.exclude(state=DatasetState.OPEN).order_by("-hour").first()
    rows = _came()
    if last is not None:
        rows = rows.filter(at__gte=last.hour + rules.HOUR)
    first = rows.order_by("at").values_list("at", flat=True).first()
    return rules.hour_of(first) if first else None


def visits_of(hour: datetime) -> list[tuple[object, str]]:
    """Who came where in an hour, in order of time."""
    rows = _came().filter(at__gte=hour, at__lt=hour + rules.HOUR).order_by("at", "id")
    return list(rows.values_list("subject_id", "venue__region"))


def hours_before(hour: datetime) -> dict[object, int]:
    """In how many earlier hours of the same local day each person has come in somewhere."""
    midnight = hour.astimezone(ZONE).replace(hour=0)
    rows = _came().filter(at__gte=midnight, at__lt=hour)
    hours: dict[object, set[datetime]] = defaultdict(set)
    for subject_id, at in rows.values_list("subject_id", "at"):
        hours[subject_id].add(rules.hour_of(at))
    return {subject_id: len(own_hours) for subject_id, own_hours in hours.items()}


def _came() -> QuerySet[CheckIn]:
    """People whom a gate or the staff saw come in; a scan from afar is nobody at the door."""
    return CheckIn.objects.filter(
        direction=Direction.IN, presence__in=PROVEN, denied_at__isnull=True
    )
