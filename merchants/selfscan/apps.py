"""Registers the selfscan slice with Django."""

from django.apps import AppConfig


class SelfscanConfig(AppConfig):
    """Scan and go."""

    name = "merchants.selfscan"
    label = "selfscan"
    default_auto_field = "django.db.models.BigAutoField"
