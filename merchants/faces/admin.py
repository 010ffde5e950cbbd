"""Face terminals and enrolments in the operators' panel."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.errors import SaomaError
from merchants.faces.models import FaceEnrolment, FaceTerminal
from merchants.faces.usecases.judge_terminal import certify_terminal, revoke_terminal

CERTIFY = "faces.certify_faceterminal"


@admin.register(FaceTerminal)
class FaceTerminalAdmin(panel.ReadOnly):
    """Terminals, and whether their word is believed."""

    list_display = ("serial", "vendor", "store", "state_label", "created_at")
    list_filter = ("state", "vendor")
    search_fields = ("serial", "store__merchant__merchant_id", "store__merchant__name")
    search_help_text = "Serial number, or merchant"
    list_select_related = ("store__merchant",)
    readonly_fields = ("state_label",)
    actions_detail = ("certify", "revoke")

    @display(description="state", label=panel.STATE_COLOURS)
    def state_label(self, terminal: FaceTerminal) -> str:
        return str(terminal.state)

    @action(description="Certify", permissions=["certify"], icon="verified_user")
    def certify(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Believe the terminal from now on."""
        return _judge(request, object_id, certify_terminal)

    @action(description="Revoke", permissions=["certify"], icon="block")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Believe the terminal no longer, and its tokens neither."""
        return _judge(request, object_id, revoke_terminal)

    def has_certify_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm(CERTIFY)


@admin.register(FaceEnrolment)
class FaceEnrolmentAdmin(panel.ReadOnly):
    """Who pays by face; there is no face to look at."""

    list_display = ("user_id", "state", "enrolled_at", "withdrawn_at")
    list_filter = ("state",)
    search_fields = ("user_id",)
    search_help_text = "The person's id"
    exclude = ("subject",)


def _judge(
    request: HttpRequest, object_id: str, judge: Callable[..., FaceTerminal]
) -> HttpResponse:
    try:
        terminal = judge(
            terminal_id=UUID(object_id), actor=f"operator:{request.user.get_username()}"
        )
        messages.success(request, f"{terminal.serial} is {terminal.state.lower()}.")
    except SaomaError as refusal:
        messages.error(request, refusal.message)
    return redirect("admin:faces_faceterminal_change", object_id)
