"""Registers the risk slice with Django."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    """The risk rules and decisions on payments."""

    name = "wallet.risk"
    label = "risk"
    default_auto_field = "django.db.models.BigAutoField"
