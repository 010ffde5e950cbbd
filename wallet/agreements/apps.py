"""Registers the agreements slice with Django."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Agreements and the deductions made under them."""

    name = "wallet.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
