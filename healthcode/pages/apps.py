"""Registers the pages with Django."""

from django.apps import AppConfig

from config.kernel.slices import Slice


class HealthPagesConfig(AppConfig):
    """The health code: pages."""

    name = "healthcode.pages"
    label = "health_pages"
    verbose_name = "health pages"
    slice = Slice(urls="")
