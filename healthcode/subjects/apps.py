"""Registers the health_subjects slice with Django."""

from django.apps import AppConfig


class HealthSubjectsConfig(AppConfig):
    """The health code: subjects."""

    name = "healthcode.subjects"
    label = "health_subjects"
    verbose_name = "health subjects"
    default_auto_field = "django.db.models.BigAutoField"
