"""Operators and their roles in the panel: looked at here, changed by approved requests.

Whoever gives out rights does not see who is a superuser, nor rights given beside a role:
those are the superusers' own business.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from config.admin import operator_approvals, operator_pages
from config.kernel import panel
from config.kernel.access import sessions
from config.kernel.access.models import OperatorSession
from config.kernel.access.values import SessionEnd
from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import step_page

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class OperatorAdmin(panel.FittingActions, panel.ReadOnly):
    """Operators: who they are, what they may do."""

    list_display = ("username", "first_name", "last_name", "role_names", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("username", "first_name", "last_name")
    ordering = ("username",)
    readonly_fields = ("role_names", "right_names")
    actions_list = ("ask_for_new",)
    # What two decide is one button that unfolds: seven side by side are wider than a screen.
    actions_detail = (
        {
            "title": _("Ask…"),
            "icon": "how_to_reg",
            "items": (
                "ask_for_roles",
                "ask_for_reset",
                "ask_for_factor_reset",
                "ask_for_waking",
                "ask_for_superuser",
            ),
        },
        "hand_over_link",
        "put_to_rest",
    )
    action_fits = {
        "hand_over_link": lambda row: row.is_active and not row.has_usable_password(),
        "put_to_rest": lambda row: row.is_active,
        "ask_for_waking": lambda row: not row.is_active,
    }

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

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return operator_pages.may_ask(request) and object_id != str(request.user.pk)

    @action(description="Ask for a new operator", permissions=["ask"], icon="person_add")
    def ask_for_new(self, request: HttpRequest) -> HttpResponse:
        return operator_pages.ask(request, action=operator_approvals.CREATE)

    @action(description="Ask to change the roles", permissions=["ask"], icon="groups")
    def ask_for_roles(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, operator_approvals.GIVE_ROLES, object_id)

    @action(description="Ask to reset the password", permissions=["ask"], icon="lock_reset")
    def ask_for_reset(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, operator_approvals.RESET_PASSWORD, object_id)

    @action(
        description="Ask to reset the second factor", permissions=["ask"], icon="phonelink_erase"
    )
    def ask_for_factor_reset(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, operator_approvals.RESET_FACTOR, object_id)

    @action(description="Ask to wake the account", permissions=["ask"], icon="sunny")
    def ask_for_waking(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, operator_approvals.WAKE, object_id)

    @action(description="Ask to make a superuser", permissions=["ask"], icon="shield_person")
    def ask_for_superuser(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._ask(request, operator_approvals.MAKE_SUPERUSER, object_id)

    @action(description="Hand over a link", permissions=["ask"], icon="link")
    def hand_over_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return operator_pages.hand_over_link(request, object_id)

    @action(description="Put to rest", permissions=["ask"], icon="bedtime")
    def put_to_rest(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return operator_pages.rest_page(request, object_id)

    @staticmethod
    def _ask(request: HttpRequest, name: str, object_id: str) -> HttpResponse:
        return operator_pages.ask(request, action=name, operator_id=object_id)

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


@admin.register(OperatorSession)
class OperatorSessionAdmin(panel.FittingActions, panel.ReadOnly):
    """Everybody's own sessions; all of them for who may ask for changes of operators."""

    list_display = ("operator", "began_at", "seen_at", "address", "browser", "state", "ended_at")
    list_filter = ("ended_by",)
    list_select_related = ("operator",)
    search_fields = ("operator__username", "address")
    exclude = ("key_digest",)
    actions_detail = ("end",)
    action_fits = {"end": lambda row: row.ended_at is None}

    def get_queryset(self, request: HttpRequest) -> QuerySet[OperatorSession]:
        """Own rows, or all."""
        rows: QuerySet[OperatorSession] = super().get_queryset(request)
        everybodys = operator_pages.may_ask(request)
        return rows if everybodys else rows.filter(operator_id=request.user.pk)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Every operator: which rows, the query says."""
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The same for the menu."""
        return self.has_view_permission(request)

    def has_end_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whose session it is, and who may ask for changes of operators."""
        return self.get_object(request, str(object_id)) is not None

    @display(description="state")
    def state(self, session: OperatorSession) -> str:
        return session.ended_by or "ACTIVE"

    @action(description="End", permissions=["end"], icon="logout", variant="danger")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End a session at once; one operator may, for safety."""
        session = self.get_object(request, object_id)
        back = reverse("admin:access_operatorsession_changelist")

        def run(form: Any) -> str:
            sessions.end_session(
                session_id=session.id,
                how=SessionEnd.ENDED,
                actor=operator_actor(request.user.get_username()),
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, "The session has ended.")
            return back

        return step_page(
            request,
            title="End the session",
            button="End",
            form=ReasonForm(request.POST or None),
            facts={
                "The session": lambda _: {
                    "operator": session.operator.get_username(),
                    "address": session.address,
                    "browser": session.browser,
                }
            },
            parameters={},
            back=back,
            run=run,
        )
