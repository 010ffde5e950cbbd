"""Registers the health_decisions slice with Django."""

from django.apps import AppConfig


class HealthDecisionsConfig(AppConfig):
    """The health code: decisions."""

    name = "healthcode.decisions"
    label = "health_decisions"
    verbose_name = "health decisions"
    default_auto_field = "django.db.models.BigAutoField"
