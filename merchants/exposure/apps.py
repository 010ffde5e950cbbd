"""Registers the exposure slice with Django."""

from django.apps import AppConfig


class ExposureConfig(AppConfig):
    """Merchants' debts to the platform, and their ceiling."""

    name = "merchants.exposure"
    label = "exposure"
