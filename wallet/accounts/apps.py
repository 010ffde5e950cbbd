"""Registers the accounts slice with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The wallet users, devices and their accounts."""

    name = "wallet.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
