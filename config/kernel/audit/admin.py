"""The audit log in the operators' panel: read by those who may, changed by nobody."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.audit import chain
from config.kernel.audit.models import AuditEvent, AuditRoot

SHOWN_BREAKS = 5


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


@admin.register(AuditEvent)
class AuditEventAdmin(panel.ReadOnly):
    """Who did what to what, why, and what changed."""

    list_display = ("seq", "at", "actor", "action", "target", "purpose")
    list_filter = (AreaFilter,)
    search_fields = ("actor", "action", "target", "request_id")
    search_help_text = "Actor, action, target or request id"
    date_hierarchy = "at"
    actions_list = ("verify_chain",)
    fieldsets = (
        (None, {"fields": (("seq", "at"), ("actor", "action"), "target", "purpose")}),
        ("What changed", {"fields": ("was", "became")}),
        ("In the chain", {"fields": ("holds", "hash", "prev_hash", "request_id")}),
    )
    readonly_fields = ("was", "became", "holds")

    @display(description="before")
    def was(self, event: AuditEvent) -> SafeString:
        return panel.table(event.before if isinstance(event.before, dict) else {})

    @display(description="after")
    def became(self, event: AuditEvent) -> SafeString:
        return panel.table(event.after if isinstance(event.after, dict) else {})

    @display(description="hash holds", boolean=True)
    def holds(self, event: AuditEvent) -> bool:
        return chain.holds(event)

    @action(description="Verify the chain", permissions=["view"], icon="verified")
    def verify_chain(self, request: HttpRequest) -> HttpResponse:
        """Walk the whole chain and say whether it holds."""
        proof = chain.verify()
        if proof.breaks:
            told = "; ".join(proof.breaks[:SHOWN_BREAKS])
            messages.error(request, f"The chain is broken ({len(proof.breaks)} breaks): {told}")
        else:
            messages.success(
                request,
                f"The chain holds: {proof.events} rows, {proof.roots} signed roots, "
                f"{proof.anchors} anchors outside.",
            )
        return HttpResponseRedirect(reverse("admin:audit_auditevent_changelist"))


@admin.register(AuditRoot)
class AuditRootAdmin(panel.ReadOnly):
    """The daily signed roots."""

    list_display = ("date", "seq", "signed_at", "hash")
    date_hierarchy = "date"
