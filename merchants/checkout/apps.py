"""Registers the checkout slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Slice


class CheckoutConfig(AppConfig):
    """Pages where payers and merchants' owners agree."""

    name = "merchants.checkout"
    label = "checkout"
    slice = Slice(urls="", tags={"app orders": "Order strings that a merchant's app hands over."})
