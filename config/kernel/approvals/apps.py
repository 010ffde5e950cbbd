"""Registers the approvals slice with Django."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """The four-eyes approvals."""

    name = "config.kernel.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
