"""Registers the checkout slice with Django."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    """Pages where payers and merchants' owners agree."""

    name = "merchants.checkout"
    label = "checkout"
    default_auto_field = "django.db.models.BigAutoField"
