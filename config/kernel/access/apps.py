"""Registers the access slice with Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from config.kernel.access import power_triggers
from config.kernel.slices import Area, Slice, Table


class AccessConfig(AppConfig):
    """Operators' ways in, and the guard of their power."""

    name = "config.kernel.access"
    label = "access"
    slice = Slice(tables=(Table(Area.ACCESS, "Sessions", "devices", "OperatorSession"),))

    def ready(self) -> None:
        """See that the tables of operators are guarded after every migration."""
        post_migrate.connect(power_triggers.install, sender=self)
