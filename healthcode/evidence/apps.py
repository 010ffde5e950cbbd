"""Registers the health_evidence slice with Django."""

from django.apps import AppConfig


class HealthEvidenceConfig(AppConfig):
    """The health code: evidence."""

    name = "healthcode.evidence"
    label = "health_evidence"
    verbose_name = "health evidence"
    default_auto_field = "django.db.models.BigAutoField"
