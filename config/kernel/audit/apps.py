"""Registers the audit slice with Django."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The hash-chained audit log."""

    name = "config.kernel.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
