"""Registers the terms slice with Django."""

from django.apps import AppConfig


class TermsConfig(AppConfig):
    """Settlement terms of merchants, as dated data."""

    name = "merchants.terms"
    label = "terms"
    verbose_name = "settlement terms"
    default_auto_field = "django.db.models.BigAutoField"
