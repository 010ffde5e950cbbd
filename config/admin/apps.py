"""Registers the operators' panel with Django."""

from django.apps import AppConfig
from django.contrib import admin

from config.admin.translated import translate_panel
from config.kernel.slices import Area, FourEyes, Slice, Table


class ConsoleConfig(AppConfig):
    """The operators' panel."""

    name = "config.admin"
    label = "console"
    verbose_name = "access"
    slice = Slice(
        tables=(
            Table(Area.ACCESS, "Operators", "manage_accounts", "auth.User"),
            Table(Area.ACCESS, "Roles", "groups", "auth.Group"),
        ),
        rights={
            "auth.view_user": ("auditor", "iam_admin", "iam_approver"),
            "auth.view_group": ("auditor", "iam_admin", "iam_approver"),
        },
        four_eyes=(
            FourEyes(("operators.*",), asks=("iam_admin",), approves=("iam_approver",), reads=()),
        ),
    )

    def ready(self) -> None:
        """Give the panel its home page, its way in and its languages."""
        admin.site.index_template = "console/home.html"
        admin.site.login_template = "console/login.html"
        translate_panel()
