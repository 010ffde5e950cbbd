"""Registers the funding slice with Django."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Savings, pay-later, and the payer's order of both."""

    name = "wallet.funding"
    label = "funding"
    default_auto_field = "django.db.models.BigAutoField"
