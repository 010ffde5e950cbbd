"""Registers the operators' panel with Django."""

from django.apps import AppConfig
from django.contrib import admin

from config.admin.translated import translate_panel


class ConsoleConfig(AppConfig):
    """The operators' panel."""

    name = "config.admin"
    label = "console"
    verbose_name = "access"

    def ready(self) -> None:
        """Give the panel its home page, its way in and its languages."""
        admin.site.index_template = "console/home.html"
        admin.site.login_template = "console/login.html"
        translate_panel()
