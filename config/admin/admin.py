"""Operators and their roles in the panel: looked at here, changed by approved requests.

Whoever gives out rights does not see who is a superuser, nor rights given beside a role:
those are the superusers' own business.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest

from config.kernel import panel

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class OperatorAdmin(panel.ReadOnly):
    """Operators: who they are, what they may do."""

    list_display = ("username", "first_name", "last_name", "role_names", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("username", "first_name", "last_name")
    ordering = ("username",)
    readonly_fields = ("role_names", "right_names")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The superuser's mark and rights beside a role are shown to superusers alone."""
        own = [("username", "is_active"), ("first_name", "last_name"), "email", "role_names"]
        times = ["last_login", "date_joined"]
        if request.user.is_superuser:
            return ((None, {"fields": [*own, "is_superuser", "right_names", *times]}),)
        return ((None, {"fields": [*own, *times]}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows: QuerySet[User] = super().get_queryset(request).prefetch_related("groups")
        return rows

    @admin.display(description="roles")
    def role_names(self, operator: User) -> str:
        return ", ".join(group.name for group in operator.groups.all()) or "none"

    @admin.display(description="rights beside the roles")
    def right_names(self, operator: User) -> str:
        rows = operator.user_permissions.values_list("content_type__app_label", "codename")
        return ", ".join(f"{area}.{codename}" for area, codename in rows) or "none"


@admin.register(Group)
class RoleAdmin(panel.ReadOnly):
    """Roles: named sets of permissions, as the code declares them."""

    fields = ("name", "right_names")
    readonly_fields = ("right_names",)
    search_fields = ("name",)

    @admin.display(description="rights")
    def right_names(self, role: Group) -> str:
        rows = role.permissions.values_list("content_type__app_label", "codename")
        return ", ".join(f"{area}.{codename}" for area, codename in rows) or "none"
