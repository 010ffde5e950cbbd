"""Registers the operators' panel with Django."""

from django.apps import AppConfig
from django.contrib import admin


class ConsoleConfig(AppConfig):
    """The operators' panel."""

    name = "config.admin"
    label = "console"
    verbose_name = "access"

    def ready(self) -> None:
        """Give the panel its home page and its way in."""
        admin.site.index_template = "console/home.html"
        admin.site.login_template = "console/login.html"
