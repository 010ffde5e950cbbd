"""The abuse book's app, for its command."""

from django.apps import AppConfig


class AbusesConfig(AppConfig):
    """Scenarios as data; no tables."""

    name = "healthcode.abuses"
    label = "health_abuses"
