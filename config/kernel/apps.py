"""Registers the kernel slice with Django."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel: clock, queue, timetable."""

    name = "config.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
