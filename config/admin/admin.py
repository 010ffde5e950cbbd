"""Operators and their roles in the panel."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from config.admin import roles
from config.kernel.errors import SaomaError

admin.site.unregister(User)
admin.site.unregister(Group)


class OperatorForm(UserChangeForm):
    """An operator, whose roles must not check each other."""

    def clean_groups(self) -> QuerySet[Group]:
        """Refuse roles that must not be one person's."""
        groups: QuerySet[Group] = self.cleaned_data["groups"]
        try:
            roles.check_separate(group.name for group in groups)
        except SaomaError as error:
            raise forms.ValidationError(str(error)) from error
        return groups


@admin.register(User)
class OperatorAdmin(UserAdmin[User], ModelAdmin):
    """Operators: who they are, what they may do."""

    form = OperatorForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "role_names", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", "groups")
    list_fullwidth = True

    def get_queryset(self, request: Any) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="roles")
    def role_names(self, operator: User) -> str:
        names = [group.name for group in operator.groups.all()]
        return ", ".join(names) or ("superuser" if operator.is_superuser else "none")


@admin.register(Group)
class RoleAdmin(GroupAdmin, ModelAdmin):
    """Roles: named sets of permissions."""

    list_fullwidth = True
