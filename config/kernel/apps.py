"""Registers the kernel slice with Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from config.kernel import append_only


class KernelConfig(AppConfig):
    """The kernel: clock, queue, timetable."""

    name = "config.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """See that append-only tables are guarded after every migration."""
        post_migrate.connect(append_only.install, sender=self)
