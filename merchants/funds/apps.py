"""Registers the funds slice with Django."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Merchants' balances and what is sent from them."""

    name = "merchants.funds"
    label = "funds"
    default_auto_field = "django.db.models.BigAutoField"
