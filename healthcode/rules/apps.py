"""Registers the health_rules slice with Django."""

from django.apps import AppConfig


class HealthRulesConfig(AppConfig):
    """The health code: rules."""

    name = "healthcode.rules"
    label = "health_rules"
    verbose_name = "health rules"
    default_auto_field = "django.db.models.BigAutoField"
