"""Registers the approvals slice with Django."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ApprovalsConfig(AppConfig):
    """The four-eyes approvals."""

    name = "config.kernel.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every slice register its actions, jobs and consumers in every process."""
        autodiscover_modules("tasks")
