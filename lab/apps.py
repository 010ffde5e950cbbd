"""Registers the lab slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Slice


class LabConfig(AppConfig):
    """The teaching layer."""

    name = "lab"
    label = "lab"
    slice = Slice(urls="")
