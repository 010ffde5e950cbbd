"""Registers the health_tracing slice with Django."""

from django.apps import AppConfig


class HealthTracingConfig(AppConfig):
    """The health code: tracing."""

    name = "healthcode.tracing"
    label = "health_tracing"
    verbose_name = "health tracing"
    default_auto_field = "django.db.models.BigAutoField"
