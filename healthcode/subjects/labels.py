"""What operators see of people: a hint of the name, with a link to their page."""

import uuid
from collections.abc import Iterable

from config.kernel.approvals import Link
from healthcode.subjects import queries
from healthcode.subjects.models import Subject

PAGE = "health_subjects.Subject"


def subject_label(subject: Subject) -> str:
    """A person as far as they may be shown: "张*, born 1990, region 330100"."""
    born = f"born {subject.birth_year}" if subject.birth_year else "year of birth unknown"
    return f"{queries.hint_of(subject) or 'name unknown'}, {born}, region {subject.region}"


def subject_link(subject: Subject) -> Link:
    """A person with a link to their page."""
    return Link(subject_label(subject), PAGE, str(subject.id))


def subjects_of(subject_ids: Iterable[uuid.UUID]) -> list[Subject]:
    """The people there are among some ids, in a stable order."""
    return list(Subject.objects.filter(id__in=list(subject_ids)).order_by("id"))
