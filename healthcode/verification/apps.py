"""Registers the health_verification slice with Django."""

from django.apps import AppConfig


class HealthVerificationConfig(AppConfig):
    """The health code: verification."""

    name = "healthcode.verification"
    label = "health_verification"
    verbose_name = "health gates"
    default_auto_field = "django.db.models.BigAutoField"
