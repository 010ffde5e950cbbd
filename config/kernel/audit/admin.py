"""The audit log in the operators' panel: read by those who may, changed by nobody."""

import json
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from unfold.contrib.filters.admin import RangeDateFilter, TextFilter
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.audit import chain, walls
from config.kernel.audit.models import AuditEvent, AuditRoot
from config.kernel.csv_export import csv_response

SHOWN_BREAKS = 5
MOST_EXPORTED = 50_000
MASK = "masked: outside of your area"
COLUMNS = (
    "seq", "at", "actor", "action", "target", "purpose", "before", "after", "request_id",
    "prev_hash", "hash",
)  # fmt: skip


class AreaFilter(admin.SimpleListFilter):
    """By what kind of thing was done: the word before the dot of the action."""

    title = "area"
    parameter_name = "area"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        names = AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct()
        areas = sorted({name.partition(".")[0] for name in names})
        return [(area, area) for area in areas]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent]
    ) -> QuerySet[AuditEvent]:
        return queryset.filter(action__startswith=f"{self.value()}.") if self.value() else queryset


class OperatorFilter(admin.SimpleListFilter):
    """By the operator who did it."""

    title = "operator"
    parameter_name = "operator"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        names = User.objects.filter(is_staff=True).order_by("username")
        return [(name, name) for name in names.values_list("username", flat=True)]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent]
    ) -> QuerySet[AuditEvent]:
        operator = self.value()
        return queryset.filter(actor=operator_actor(operator)) if operator else queryset


class TargetFilter(TextFilter):
    """By what it was done to; rows behind a wall are not found by their target."""

    title = "target"
    parameter_name = "target"

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent]
    ) -> QuerySet[AuditEvent]:
        value = self.value()
        readable = {walls.MASKED: False}
        return queryset.filter(target__icontains=value, **readable) if value else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(panel.ReadOnly):
    """Who did what to what, why, and what changed."""

    list_display = ("seq", "at", "actor", "action", "about", "why")
    list_filter = (AreaFilter, OperatorFilter, TargetFilter, ("at", RangeDateFilter))
    list_filter_submit = True
    search_fields = ("=actor", "action", "target", "=request_id")
    search_help_text = "Actor, action, target or request id"
    date_hierarchy = "at"
    actions_list = ("verify_chain", "export")
    fieldsets = (
        (None, {"fields": (("seq", "at"), ("actor", "action"), "about", "why")}),
        ("What changed", {"fields": ("was", "became")}),
        ("In the chain", {"fields": ("holds", "hash", "prev_hash", "request_id")}),
    )
    readonly_fields = ("about", "why", "was", "became", "holds")
    exclude = ("target", "purpose", "before", "after")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """All rows; those behind a wall are marked."""
        rows: QuerySet[AuditEvent] = super().get_queryset(request)
        return walls.with_masks(rows, cast("User", request.user))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEvent], search_term: str
    ) -> tuple[QuerySet[AuditEvent], bool]:
        """What a reader searches for is not found in what they may not read."""
        rows, twice = super().get_search_results(request, queryset, search_term)
        return (rows.filter(masked=False) if search_term else rows), twice

    @display(description="target", ordering="target")
    def about(self, event: AuditEvent) -> str:
        return MASK if _masked(event) else event.target

    @display(description="purpose")
    def why(self, event: AuditEvent) -> str:
        return MASK if _masked(event) else event.purpose

    @display(description="before")
    def was(self, event: AuditEvent) -> SafeString | str:
        return _facts(event, event.before)

    @display(description="after")
    def became(self, event: AuditEvent) -> SafeString | str:
        return _facts(event, event.after)

    @display(description="hash holds", boolean=True)
    def holds(self, event: AuditEvent) -> bool:
        return chain.holds(event)

    @action(description="Verify the chain", permissions=["view"], icon="verified")
    def verify_chain(self, request: HttpRequest) -> HttpResponse:
        """Walk the whole chain and say whether it holds."""
        proof = chain.verify()
        if proof.breaks:
            breaks = "; ".join(proof.breaks[:SHOWN_BREAKS])
            text = gettext("The chain is broken (%(count)s breaks): %(breaks)s")
            messages.error(request, text % {"count": len(proof.breaks), "breaks": breaks})
        else:
            text = gettext(
                "The chain holds: %(events)s rows, %(roots)s signed roots, "
                "%(anchors)s anchors outside."
            )
            counts = {"events": proof.events, "roots": proof.roots, "anchors": proof.anchors}
            messages.success(request, text % counts)
        return HttpResponseRedirect(reverse("admin:audit_auditevent_changelist"))

    @action(description="Export as CSV", permissions=["view"], icon="download")
    def export(self, request: HttpRequest) -> HttpResponse:
        """Give the rows that the filters leave as CSV; the export is a row itself."""
        rows = self.get_changelist_instance(request).get_queryset(request).order_by("seq")
        cells = [_cells(event) for event in rows[:MOST_EXPORTED]]
        chain.record(
            action="audit.export",
            actor=operator_actor(request.user.get_username()),
            target="audit",
            after={"rows": len(cells), "filters": request.GET.dict()},
        )
        return csv_response("audit.csv", COLUMNS, cells)


def _masked(event: AuditEvent) -> bool:
    return bool(getattr(event, walls.MASKED, True))


def _facts(event: AuditEvent, facts: object) -> SafeString | str:
    if _masked(event):
        return MASK
    return panel.table(facts if isinstance(facts, dict) else {})


def _cells(event: AuditEvent) -> list[object]:
    masked = _masked(event)
    hidden = [MASK] * 4
    details = [event.target, event.purpose, json.dumps(event.before), json.dumps(event.after)]
    return [
        event.seq,
        event.at.isoformat(),
        event.actor,
        event.action,
        *(hidden if masked else details),
        event.request_id,
        event.prev_hash,
        event.hash,
    ]


@admin.register(AuditRoot)
class AuditRootAdmin(panel.ReadOnly):
    """The daily signed roots."""

    list_display = ("date", "seq", "signed_at", "hash")
    date_hierarchy = "date"
