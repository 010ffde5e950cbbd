"""Finding one row, or saying that there is none."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from config.kernel.errors import SaomaError

M = TypeVar("M", bound=Model)


def first_or(rows: QuerySet[M], refusal: SaomaError) -> M:
    """The first of some rows.

    Raises:
        the refusal: there is none.
    """
    row = rows.first()
    if row is None:
        raise refusal
    return row
