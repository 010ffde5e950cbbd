"""Which database holds which placement units, and Django's router to them.

Every owner's rows belong to one of a hundred units (`config.kernel.ids.unit_of`). An
installation serves the units of its own database; SAOMA_UNIT_DATABASES names the databases
of the others. All work is done at home: only the messages of `wallet.clearing` are written
and read elsewhere, by a query that hints at a unit. Where no other database is named, every
unit is at home and the router is not even installed.
"""

from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
ALL_UNITS = 100


def alias_of(unit: int) -> str:
    """The alias of the database that holds a unit."""
    alias: str = settings.SAOMA_UNIT_ALIASES.get(unit, DEFAULT_DB_ALIAS)
    return alias


def aliases() -> list[str]:
    """The aliases of all databases that hold units, home first."""
    others = {alias_of(unit) for unit in range(ALL_UNITS)} - {DEFAULT_DB_ALIAS}
    return [DEFAULT_DB_ALIAS, *sorted(others)]


def rows_in(model: type[M], unit: int) -> QuerySet[M]:
    """A model's rows in the database that holds a unit, as the router says."""
    hints: dict[str, Any] = {"unit": unit}
    return model._default_manager.db_manager(hints=hints).all()


class UnitRouter:
    """Sends a query with the hint `unit` to that unit's database, all others home."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """Where a query reads; no opinion without the hint."""
        return alias_of(hints["unit"]) if "unit" in hints else None

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        """Where a query writes; no opinion without the hint."""
        return self.db_for_read(model, **hints)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Each database is migrated by its own installation."""
        return None if db == DEFAULT_DB_ALIAS else False
