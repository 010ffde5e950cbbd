"""Registers the bills slice with Django."""

from django.apps import AppConfig


class BillsConfig(AppConfig):
    """Merchants' bills."""

    name = "merchants.bills"
    label = "bills"
    default_auto_field = "django.db.models.BigAutoField"
