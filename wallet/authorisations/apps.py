"""Registers the authorisations slice with Django."""

from django.apps import AppConfig


class AuthorisationsConfig(AppConfig):
    """Pre-authorisations, their operations, and arrears."""

    name = "wallet.authorisations"
    label = "authorisations"
    default_auto_field = "django.db.models.BigAutoField"
