"""Venues, terminals and what they saw, in the operators' panel."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from config.kernel import approvals, clock, panel
from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_page, operator_of, step_page
from config.kernel.approvals.queries import may_ask
from config.kernel.approvals.request import request_approval
from config.kernel.audit import chain
from config.kernel.errors import SaomaError
from healthcode.evidence.admin import HealthReads
from healthcode.rules.values import Colour
from healthcode.verification import queries
from healthcode.verification.actions import ADMIT_RED
from healthcode.verification.forms import InviteForm, PolicyForm, TerminalForm
from healthcode.verification.models import (
    AccessLogEntry,
    CheckIn,
    PolicyVersion,
    Terminal,
    Venue,
    VenuePolicy,
    Verification,
)
from healthcode.verification.registrations import LET_IDENTIFY
from healthcode.verification.rules import new_nonce
from healthcode.verification.usecases.change_policy import change_policy
from healthcode.verification.usecases.register_terminal import (
    invite_terminal,
    register_terminal,
    revoke_terminal,
)
from healthcode.verification.usecases.register_venue import rotate_venue_code
from healthcode.verification.values import TerminalMode


class TerminalInline(panel.ReadOnlyInline):
    """The venue's terminals."""

    model = Terminal
    fields = ("label", "created_at", "revoked_at")
    readonly_fields = fields
    ordering = ("id",)


class PolicyVersionInline(panel.ReadOnlyInline):
    """What the policy said before."""

    model = PolicyVersion
    fields = ("version", "terms", "valid_from", "made_by")
    readonly_fields = fields
    ordering = ("-version",)


@admin.register(VenuePolicy)
class VenuePolicyAdmin(ModelAdmin):
    """What kinds of venue let in. Each change is a version of its own, with a name to it."""

    form = PolicyForm
    fields = ("name", "admits", "max_test_age_h", "test_age_by_colour", "reason")
    list_display = ("name", "version", "admits", "max_test_age_h", "test_age_by_colour")
    inlines = (PolicyVersionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A policy keeps its name."""
        return ("name",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What gates have judged by stays."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Put the next version in force; one that lets red codes in is asked for instead."""
        values = form.cleaned_data
        if Colour.RED in values["admits"]:
            self._ask(request, obj.name, values)
            return
        policy = change_policy(
            name=obj.name,
            admits=values["admits"],
            max_test_age_h=values["max_test_age_h"],
            test_age_by_colour=values["test_age_by_colour"] or {},
            actor=_actor(request),
        )
        obj.id, obj.version = policy.id, policy.version

    def _ask(self, request: HttpRequest, name: str, values: dict[str, Any]) -> None:
        """Ask a second operator to let red codes in; nothing changes until they agree."""
        try:
            request_approval(
                action=ADMIT_RED,
                parameters={
                    "name": name,
                    "admits": sorted(values["admits"]),
                    "max_test_age_h": values["max_test_age_h"],
                    "test_age_by_colour": values["test_age_by_colour"] or {},
                },
                reason=values["reason"],
                maker=operator_of(request),
            )
            messages.warning(request, "Asked. Nothing changes until another operator agrees.")
        except SaomaError as error:
            messages.error(request, error.message)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Go to the table: a policy that is only asked for has no page yet."""
        if VenuePolicy.objects.filter(pk=obj.pk).exists():
            return super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:health_verification_venuepolicy_changelist"))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing was added where it is only asked for."""
        if not VenuePolicy.objects.filter(pk=obj.pk).exists():
            return None
        return super().log_addition(request, obj, message)


@admin.register(Venue)
class VenueAdmin(panel.PostOnlyActions, ModelAdmin):
    """Places with a gate."""

    list_display = ("name", "region", "policy", "inside", "capacity", "active")
    list_filter = ("active", "policy", "region")
    search_fields = ("name", "address")
    fields = (
        "name", "region", "address", "policy", "capacity", "closes_at", "rotate_every_min",
        "active", "code",
    )  # fmt: skip
    readonly_fields = ("code",)
    inlines = (TerminalInline,)
    actions_detail = ("add_terminal", "invite", "ask_new_code", "rotate_code")
    post_only_actions = ("rotate_code",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A venue is closed by taking `active` away; its records point at it."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Give a new venue the code for its wall."""
        obj.code_nonce = obj.code_nonce or new_nonce()
        if "rotate_every_min" in form.changed_data:
            obj.rotate_at = clock.now() if obj.rotate_every_min else None
        chain.record(
            action="health.change_venue", actor=_actor(request), target=f"venue:{obj.id}",
            after={name: str(form.cleaned_data[name]) for name in form.changed_data},
        )  # fmt: skip
        super().save_model(request, obj, form, change)

    @display(description="inside now")
    def inside(self, row: Venue) -> int:
        """How many came in and have not gone out."""
        return queries.occupancy(row.id, at=clock.now())

    @display(description="code on the wall")
    def code(self, row: Venue) -> str:
        """What the poster's QR code says."""
        return queries.code_of(row) if row.code_nonce else "-"

    @action(description="Register a terminal", permissions=["change"], icon="add_to_queue")
    def add_terminal(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Register a terminal; its credential is shown once."""

        def run(form: Any) -> str:
            _, credential = register_terminal(
                venue_id=UUID(object_id),
                label=form.cleaned_data["label"],
                actor=_actor(request),
            )
            text = gettext("Shown once: Terminal %(credential)s")
            messages.success(request, text % {"credential": credential})
            return _page(object_id)

        return step_page(
            request,
            title="Register a terminal",
            button="Register",
            form=TerminalForm(request.POST or None),
            facts={"The venue": venue_facts},
            parameters={"venue": object_id},
            back=_page(object_id),
            run=run,
        )

    @action(description="Invite a guard's phone", permissions=["change"], icon="smartphone")
    def invite(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let a phone or gate register with a key of its own, within a quarter of an hour."""

        def run(form: Any) -> str:
            word = invite_terminal(
                venue_id=UUID(object_id),
                label=form.cleaned_data["label"],
                mode=TerminalMode(form.cleaned_data["mode"]),
                actor=_actor(request),
            )
            text = gettext("Shown once, good for 15 minutes: %(word)s")
            messages.success(request, text % {"word": word})
            return _page(object_id)

        return step_page(
            request,
            title="Invite a guard's phone",
            button="Invite",
            form=InviteForm(request.POST or None),
            facts={"The venue": venue_facts},
            parameters={"venue": object_id},
            back=_page(object_id),
            run=run,
        )

    @action(description="New code on the wall…", permissions=["change"], icon="qr_code")
    def ask_new_code(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what a new code means, and send the answer to `rotate_code`."""
        return step_page(
            request,
            title="New code on the wall",
            button="Make a new code",
            form=forms.Form(),
            facts={"The venue": venue_facts},
            parameters={"venue": object_id},
            back=_page(object_id),
            run=lambda _: _page(object_id),
            post_to=reverse("admin:health_verification_venue_rotate_code", args=[object_id]),
        )

    @action(description="New code on the wall", permissions=["change"], icon="qr_code")
    @panel.post_only
    def rotate_code(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make photographs of the old poster useless."""
        rotate_venue_code(venue_id=UUID(object_id), actor=_actor(request))
        messages.success(request, "Print and put up the new code.")
        return HttpResponseRedirect(_page(object_id))


def venue_facts(parameters: approvals.Parameters) -> approvals.Facts:
    """The venue a terminal is for."""
    venue = Venue.objects.get(id=str(parameters["venue"]))
    return {"name": venue.name, "policy": venue.policy.name}


def _actor(request: HttpRequest) -> str:
    return operator_actor(operator_of(request).get_username())


def _page(object_id: str) -> str:
    return reverse("admin:health_verification_venue_change", args=[object_id])


@admin.register(Terminal)
class TerminalAdmin(panel.Viewed):
    """Registered terminals; their secrets are kept as hashes and not shown."""

    list_display = ("label", "venue", "mode", "own_key", "created_at", "revoked_at")
    list_filter = ("mode",)
    search_fields = ("label", "venue__name")
    list_select_related = ("venue",)
    fields = ("label", "venue", "mode", "own_key", "reader", "created_at", "revoked_at")
    readonly_fields = ("own_key", "reader")
    actions_detail = ("ask_reader", "revoke")

    @display(description="signs with its own key", boolean=True)
    def own_key(self, row: Terminal) -> bool:
        """Whether it has a key rather than a secret."""
        return row.public_key is not None

    @display(description="identifies people by their cards", boolean=True)
    def reader(self, row: Terminal) -> bool:
        """Whether what it reads of cards proves presence."""
        return row.reads_cards

    def has_reader_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for it; nobody lets a terminal identify alone."""
        return object_id is not None and may_ask(operator_of(request), LET_IDENTIFY)

    @action(description="Let it read cards", permissions=["reader"], icon="badge")
    def ask_reader(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to let the terminal identify people by their cards."""
        return ask_page(
            request,
            action=LET_IDENTIFY,
            parameters={"terminal": object_id},
            back=reverse("admin:health_verification_terminal_change", args=[object_id]),
        )

    def has_revoke_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may take a terminal out of force."""
        return object_id is not None and self.has_change_permission(request)

    @action(description="Revoke", permissions=["revoke"], icon="block", variant="danger")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a lost or sold terminal out of force, at once."""
        page = reverse("admin:health_verification_terminal_change", args=[object_id])

        def run(form: Any) -> str:
            revoke_terminal(terminal_id=UUID(object_id), actor=_actor(request))
            messages.success(request, "Revoked.")
            return page

        return step_page(
            request,
            title="Revoke a terminal",
            button="Revoke",
            form=ReasonForm(request.POST or None),
            facts={},
            parameters={},
            back=page,
            run=run,
        )


@admin.register(Verification)
class VerificationAdmin(panel.ReadOnly):
    """Codes checked; after a day without the person."""

    list_display = ("at", "verdict_label", "colour", "terminal", "reason", "offline")
    list_filter = ("verdict", "colour", "offline", "lookup")
    list_select_related = ("terminal",)
    date_hierarchy = "at"
    fields = ("at", "terminal", "verdict_label", "reason", "colour", "offline", "lookup")
    readonly_fields = ("verdict_label",)

    @display(description="verdict", ordering="verdict", label=panel.STATE_COLOURS)
    def verdict_label(self, row: Verification) -> str:
        """The verdict as a label."""
        return str(row.verdict)


@admin.register(CheckIn)
class CheckInAdmin(panel.ReadOnly):
    """Comings and goings, without names, for fourteen days."""

    list_display = ("venue", "at", "direction", "method", "presence", "denied_at", "colour")
    list_filter = ("method", "presence", "direction", "venue")
    list_select_related = ("venue",)
    fields = ("venue", "at", "direction", "method", "presence", "denied_at", "colour")


@admin.register(AccessLogEntry)
class AccessLogEntryAdmin(HealthReads, panel.ReadOnly):
    """Who looked at whose code, as the person is told; reasons and colours are theirs alone."""

    audited_as = "access_log"
    list_display = ("at", "kind", "by", "outcome", "subject")
    list_filter = ("kind", "outcome")
    search_fields = ("by", "=subject__id")
    search_help_text = "Who looked, or the id of the subject"
    list_select_related = ("subject",)
    date_hierarchy = "at"
    exclude = ("facts", "colour")
