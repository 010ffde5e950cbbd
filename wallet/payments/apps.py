"""Registers the payments slice with Django."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The payments, payment codes, refunds and transfers."""

    name = "wallet.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
