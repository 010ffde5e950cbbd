"""Registers the health_appeals slice with Django."""

from django.apps import AppConfig


class HealthAppealsConfig(AppConfig):
    """The health code: appeals."""

    name = "healthcode.appeals"
    label = "health_appeals"
    verbose_name = "health corrections"
    default_auto_field = "django.db.models.BigAutoField"
