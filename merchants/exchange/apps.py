"""Registers the exchange slice with Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Payments in two currencies."""

    name = "merchants.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
