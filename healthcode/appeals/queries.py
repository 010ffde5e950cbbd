"""Reading appeals."""

import uuid
from typing import ClassVar

from django.db.models import QuerySet

from config.kernel.errors import NotFound
from healthcode.appeals.models import Appeal
from healthcode.decisions import queries as decisions


class AppealUnknown(NotFound):
    """There is no such appeal."""

    code: ClassVar[str] = "appeal_unknown"
    message: ClassVar[str] = "There is no such correction."


def appeals_of(subject_id: uuid.UUID) -> QuerySet[Appeal]:
    """A person's appeals, newest first."""
    return Appeal.objects.filter(subject_id=subject_id).order_by("-id")


def colourers_of(row: Appeal) -> set[str]:
    """Operators who stand behind how the person stands, or stood when they objected."""
    head = decisions.head_of(row.subject_id)
    rows = [decision for decision in (row.decision, head.decision if head else None) if decision]
    return decisions.colourers_of(row.subject_id, rows)


def appeal(appeal_id: uuid.UUID) -> Appeal:
    """One appeal.

    Raises:
        AppealUnknown: there is none.
    """
    row = Appeal.objects.filter(id=appeal_id).first()
    if row is None:
        raise AppealUnknown(field="appeal")
    return row
