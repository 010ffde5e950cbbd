"""Registers the kernel slice with Django."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate

from config.kernel import append_only, ports


class KernelConfig(AppConfig):
    """The kernel: clock, queue, timetable."""

    name = "config.kernel"
    label = "kernel"

    def ready(self) -> None:
        """See that append-only tables are guarded after every migration, and ports checked."""
        checks.register(ports.check_ports)
        post_migrate.connect(append_only.install, sender=self)
