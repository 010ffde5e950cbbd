"""Registers the consents slice with Django."""

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    """What citizens and merchants allow apps to do for them."""

    name = "merchants.consents"
    label = "consents"
    default_auto_field = "django.db.models.BigAutoField"
