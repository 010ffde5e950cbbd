"""Registers the health_rules slice with Django."""

from django.apps import AppConfig


class HealthRulesConfig(AppConfig):
    """The health code: rules."""

    name = "healthcode.rules"
    label = "health_rules"
    default_auto_field = "django.db.models.BigAutoField"
