"""Registers the reconciliation slice with Django."""

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    """Statements of the bank, and their breaks against our books."""

    name = "merchants.reconciliation"
    label = "reconciliation"
    default_auto_field = "django.db.models.BigAutoField"
