"""Face terminals and enrolments in the operators' panel."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.approvals.pages import step_page
from config.kernel.errors import SaomaError
from merchants.faces.models import FaceEnrolment, FaceTerminal
from merchants.faces.usecases.judge_terminal import certify_terminal, revoke_terminal
from merchants.faces.values import TerminalState

CERTIFY = "faces.certify_faceterminal"


@admin.register(FaceTerminal)
class FaceTerminalAdmin(panel.FittingActions, panel.PostOnlyActions, panel.ReadOnly):
    """Terminals, and whether their word is believed."""

    list_display = ("serial", "vendor", "store", "state_label", "created_at")
    list_filter = ("state", "vendor")
    search_fields = ("serial", "store__merchant__merchant_number", "store__merchant__name")
    search_help_text = "Serial number, or merchant"
    list_select_related = ("store__merchant",)
    readonly_fields = ("state_label",)
    actions_detail = ("ask_certify", "ask_revoke", "certify", "revoke")
    post_only_actions = ("certify", "revoke")
    action_fits = {
        "ask_certify": lambda terminal: terminal.state == TerminalState.PENDING,
        "ask_revoke": lambda terminal: terminal.state != TerminalState.REVOKED,
    }

    @display(description="state", label=panel.STATE_COLOURS)
    def state_label(self, terminal: FaceTerminal) -> str:
        return str(terminal.state)

    @action(description="Certify…", permissions=["certify"], icon="verified_user")
    def ask_certify(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what certifying means, and send the answer to `certify`."""
        return _confirm_page(request, object_id, "certify", "Its scans pay from now on")

    @action(description="Revoke…", permissions=["certify"], icon="block")
    def ask_revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what revoking means, and send the answer to `revoke`."""
        return _confirm_page(request, object_id, "revoke", "Its scans and tokens pay no longer")

    @action(description="Certify", permissions=["certify"], icon="verified_user")
    @panel.post_only
    def certify(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Believe the terminal from now on."""
        return _judge(request, object_id, certify_terminal)

    @action(description="Revoke", permissions=["certify"], icon="block")
    @panel.post_only
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


def _confirm_page(
    request: HttpRequest, object_id: str, deed: str, consequence: str
) -> HttpResponse:
    terminal = get_object_or_404(
        FaceTerminal.objects.select_related("store__merchant"), id=object_id
    )
    facts = {
        "terminal": terminal.serial,
        "merchant": terminal.store.merchant.name,
        "state": terminal.state,
        "then": consequence,
    }
    back = reverse("admin:faces_faceterminal_change", args=[object_id])
    return step_page(
        request,
        title=f"{deed.capitalize()} a face terminal",
        button=deed.capitalize(),
        form=forms.Form(),
        facts={"The terminal": lambda _: facts},
        parameters={},
        back=back,
        run=lambda _: back,
        post_to=reverse(f"admin:faces_faceterminal_{deed}", args=[object_id]),
    )


def _judge(
    request: HttpRequest, object_id: str, judge: Callable[..., FaceTerminal]
) -> HttpResponse:
    try:
        terminal = judge(
            terminal_id=UUID(object_id), actor=operator_actor(request.user.get_username())
        )
        text = gettext("%(name)s is %(state)s.")
        state = gettext(terminal.state.lower())
        messages.success(request, text % {"name": terminal.serial, "state": state})
    except SaomaError as refusal:
        messages.error(request, refusal.message)
    return redirect("admin:faces_faceterminal_change", object_id)
