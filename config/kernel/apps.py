"""Registers the kernel slice with Django."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate

from config.kernel import append_only, ports, thread_sessions


class KernelConfig(AppConfig):
    """The kernel: clock, queue, timetable."""

    name = "config.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Guard append-only tables after each migration, check ports, end sessions with threads."""
        checks.register(ports.check_ports)
        thread_sessions.end_with_threads()
        post_migrate.connect(append_only.install, sender=self)
