"""Registers the speakers slice with Django."""

from django.apps import AppConfig


class SpeakersConfig(AppConfig):
    """Orders by voice; a voice is a hint and never a proof."""

    name = "merchants.speakers"
    label = "speakers"
    default_auto_field = "django.db.models.BigAutoField"
