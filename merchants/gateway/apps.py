"""Registers the gateway slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Slice


class GatewayEndpointConfig(AppConfig):
    """The merchants' gateway; its name in the database is the notifications'."""

    name = "merchants.gateway"
    label = "gateway_endpoint"
    slice = Slice(urls="")
