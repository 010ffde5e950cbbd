"""Registers the health_passes slice with Django."""

from django.apps import AppConfig


class HealthPassesConfig(AppConfig):
    """The health code: passes."""

    name = "healthcode.passes"
    label = "health_passes"
    verbose_name = "health passes"
    default_auto_field = "django.db.models.BigAutoField"
