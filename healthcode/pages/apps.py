"""Registers the pages with Django."""

from django.apps import AppConfig


class HealthPagesConfig(AppConfig):
    """The health code: pages."""

    name = "healthcode.pages"
    label = "health_pages"
    verbose_name = "health pages"
