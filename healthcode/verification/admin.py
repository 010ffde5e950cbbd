"""Venues, terminals and what they saw, in the operators' panel."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from config.kernel import approvals, clock, panel
from config.kernel.approvals.pages import operator_of, step_page
from healthcode.verification import queries
from healthcode.verification.forms import TerminalForm
from healthcode.verification.models import (
    CheckIn,
    Terminal,
    Venue,
    VenuePolicy,
    Verification,
)
from healthcode.verification.rules import new_nonce
from healthcode.verification.usecases.register_venue import register_terminal, rotate_venue_code


class TerminalInline(panel.ReadOnlyInline):
    """The venue's terminals."""

    model = Terminal
    fields = ("label", "created_at", "revoked_at")
    readonly_fields = fields
    ordering = ("id",)


@admin.register(VenuePolicy)
class VenuePolicyAdmin(ModelAdmin):
    """What kinds of venue let in."""

    list_display = ("name", "admits", "max_test_age_h")


@admin.register(Venue)
class VenueAdmin(ModelAdmin):
    """Places with a gate."""

    list_display = ("name", "region", "policy", "inside", "active")
    list_filter = ("active", "policy", "region")
    search_fields = ("name", "address")
    fields = ("name", "region", "address", "policy", "active", "code")
    readonly_fields = ("code",)
    inlines = (TerminalInline,)
    actions_detail = ("add_terminal", "rotate_code")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Give a new venue the code for its wall."""
        obj.code_nonce = obj.code_nonce or new_nonce()
        super().save_model(request, obj, form, change)

    @display(description="inside today")
    def inside(self, row: Venue) -> int:
        """How many came in today and have not gone out."""
        return queries.occupancy(row.id, since=clock.now().replace(hour=0, minute=0))

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
                actor=f"operator:{operator_of(request).get_username()}",
            )
            messages.success(request, f"Shown once: Terminal {credential}")
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

    @action(description="New code on the wall", permissions=["change"], icon="qr_code")
    def rotate_code(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Make photographs of the old poster useless."""
        rotate_venue_code(venue_id=UUID(object_id))
        messages.success(request, "Print and put up the new code.")
        return HttpResponseRedirect(_page(object_id))


def venue_facts(parameters: approvals.Parameters) -> approvals.Facts:
    """The venue a terminal is for."""
    venue = Venue.objects.get(id=str(parameters["venue"]))
    return {"name": venue.name, "policy": venue.policy.name}


def _page(object_id: str) -> str:
    return reverse("admin:health_verification_venue_change", args=[object_id])


@admin.register(Terminal)
class TerminalAdmin(panel.ReadOnly):
    """Registered terminals; their secrets are kept as hashes and not shown."""

    list_display = ("label", "venue", "created_at", "revoked_at")
    search_fields = ("label", "venue__name")
    list_select_related = ("venue",)
    fields = ("label", "venue", "created_at", "revoked_at")


@admin.register(Verification)
class VerificationAdmin(panel.ReadOnly):
    """Codes looked at; after a day without the person."""

    list_display = ("at", "verdict_label", "colour", "terminal", "reason", "offline")
    list_filter = ("verdict", "colour", "offline")
    list_select_related = ("terminal",)
    date_hierarchy = "at"
    fields = ("at", "terminal", "verdict_label", "reason", "colour", "offline")
    readonly_fields = ("verdict_label",)

    @display(description="verdict", ordering="verdict", label=panel.STATE_COLOURS)
    def verdict_label(self, row: Verification) -> str:
        """The verdict as a label."""
        return str(row.verdict)


@admin.register(CheckIn)
class CheckInAdmin(panel.ReadOnly):
    """Comings and goings, without names, for fourteen days."""

    list_display = ("venue", "at", "direction", "method", "colour")
    list_filter = ("method", "direction", "venue")
    list_select_related = ("venue",)
    fields = ("venue", "at", "direction", "method", "colour")
