"""Registers the gateway slice with Django."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """The Alipay-protocol edge."""

    name = "merchants.gateway"
    label = "gateway"
    default_auto_field = "django.db.models.BigAutoField"
