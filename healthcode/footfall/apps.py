"""Registers the health_footfall slice with Django."""

from django.apps import AppConfig


class HealthFootfallConfig(AppConfig):
    """The health code: footfall."""

    name = "healthcode.footfall"
    label = "health_footfall"
    verbose_name = "health footfall"
    default_auto_field = "django.db.models.BigAutoField"
