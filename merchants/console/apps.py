"""Registers the console slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Slice


class ConsoleConfig(AppConfig):
    """Pages for developers of merchant systems."""

    name = "merchants.console"
    label = "developer_console"
    slice = Slice(urls="")
