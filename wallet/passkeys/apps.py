"""Registers the passkeys slice with Django."""

from django.apps import AppConfig


class PasskeysConfig(AppConfig):
    """Passkeys, and the challenges they sign."""

    name = "wallet.passkeys"
    label = "passkeys"
    default_auto_field = "django.db.models.BigAutoField"
