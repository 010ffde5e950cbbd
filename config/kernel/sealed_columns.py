"""Columns that hold sealed secrets: the one list, which each model adds its own to.

A model with a sealed column says `sealed_columns = (SealedColumn(...),)`, so that a rotation
of the master key reaches every secret of the house.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column whose values `keys.seal` made.

    Args:
        column: its name; empty values are none.
        purpose: as given to `keys.seal`.
        row_name: what values are bound to, with `{pk}` for the row; "" for the purpose.
    """

    column: str
    purpose: str
    row_name: str = ""

    def bound_to(self, row: Model) -> str:
        """What this row's secret is bound to."""
        return self.row_name.format(pk=row.pk)


def sealed_columns() -> Iterator[tuple[type[Model], SealedColumn]]:
    """Every sealed column of the house with its model."""
    for model in apps.get_models():
        for column in getattr(model, "sealed_columns", ()):
            yield model, column
