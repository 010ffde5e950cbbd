"""Registers the payouts slice with Django."""

from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    """The bank transfers of settled batches."""

    name = "merchants.payouts"
    label = "payouts"
    default_auto_field = "django.db.models.BigAutoField"
