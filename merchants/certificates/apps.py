"""Registers the certificates slice with Django."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Certificates for clients that know keys only inside them."""

    name = "merchants.certificates"
    label = "certificates"
    default_auto_field = "django.db.models.BigAutoField"
