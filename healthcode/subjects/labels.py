"""What operators see of people: a hint of the name, with a link to their page."""

import uuid
from collections.abc import Iterable

from django.db.models import Q

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


def subjects_of(names: Iterable[uuid.UUID]) -> list[Subject]:
    """The people there are among some ids or aliases, in a stable order."""
    ids = list(names)
    rows = Subject.objects.filter(Q(id__in=ids) | Q(alias__in=ids))
    return list(rows.order_by("id"))


def alias_of(name: object) -> str:
    """The alias of a person who is named by id or alias; anybody else's name stays as it is."""
    try:
        subjects = subjects_of([uuid.UUID(str(name))])
    except ValueError:
        return str(name)
    return str(subjects[0].alias) if subjects else str(name)
