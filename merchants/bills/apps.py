"""Registers the bills slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Slice


class BillsConfig(AppConfig):
    """Merchants' bills."""

    name = "merchants.bills"
    label = "bills"
    slice = Slice(urls="")
