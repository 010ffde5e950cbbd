"""Registers the faces slice with Django."""

from django.apps import AppConfig


class FacesConfig(AppConfig):
    """Paying by face, without a face in any table."""

    name = "merchants.faces"
    label = "faces"
    default_auto_field = "django.db.models.BigAutoField"
