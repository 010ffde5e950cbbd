"""Disputes in the operators' panel: deadlines, evidence, decisions under four eyes."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, operator_of
from config.kernel.approvals.queries import may_ask, visible_actions
from config.kernel.audit.chain import record
from merchants.disputes.models import Dispute, Evidence
from merchants.disputes.tasks import DECIDE, show_dispute
from merchants.disputes.usecases.answer_dispute import dispute_target

SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "application/pdf": "pdf"}


class OutcomeForm(ReasonForm):
    """For whom a dispute is to be decided, and why."""

    outcome = forms.ChoiceField(
        choices=[("buyer", "For the buyer"), ("merchant", "For the merchant")],
        widget=UnfoldAdminSelectWidget,
    )


class EvidenceInline(panel.ReadOnlyInline):
    """What each side has handed in."""

    model = Evidence
    fields = ("side", "content_type", "size", "note", "handed_in_at")
    readonly_fields = fields

    @display(description="Bytes")
    def size(self, row: Evidence) -> int:
        return len(row.content)


@admin.register(Dispute)
class DisputeAdmin(panel.ReadOnly):
    """Disputes, those with the nearest deadline first to be filtered by state."""

    list_display = ("opened_at", "merchant", "amount", "reason", "shown_state", "due_at")
    list_filter = ("state", "reason")
    search_fields = ("payment_number", "=payment_id", "merchant__name", "merchant__merchant_number")
    list_select_related = ("merchant",)
    inlines = (EvidenceInline,)
    fields = (
        ("merchant", "payment_number"),
        ("amount", "reason", "shown_state"),
        "text",
        "finding",
        ("opened_at", "due_at", "decided_at"),
    )
    readonly_fields = ("amount", "shown_state")
    actions_detail = ("evidence_files", "ask_decision")

    @display(description="Amount", ordering="amount_minor")
    def amount(self, row: Dispute) -> str:
        return panel.money(row.amount_minor, row.currency)

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a dispute to be decided."""
        return may_ask(operator_of(request), DECIDE)

    def has_evidence_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may open what the sides have handed in: whoever sees its decision asked for."""
        return DECIDE in visible_actions(operator_of(request))

    @action(
        description="Evidence", url_path="evidence", permissions=["evidence"], icon="folder_zip"
    )
    def evidence_files(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Send all files of both sides as a zip; who took them is written down."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        record(
            action="disputes.evidence_read",
            actor=operator_actor(operator_of(request).get_username()),
            target=dispute_target(row.id),
            purpose="operators' panel",
        )
        return FileResponse(
            _zip(row.evidence.all()),
            as_attachment=True,
            filename=f"evidence-{row.payment_number}.zip",
            content_type="application/zip",
        )

    @action(description="Ask for a decision", url_path="decide", permissions=["decide"],
            icon="gavel")  # fmt: skip
    def ask_decision(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask another operator to decide it for one side."""

        def parameters(filled: Any) -> dict[str, object]:
            return {"dispute": object_id, "for_buyer": filled.cleaned_data["outcome"] == "buyer"}

        return ask_form_page(
            request,
            action=DECIDE,
            form=OutcomeForm(request.POST or None),
            back=reverse("admin:disputes_dispute_change", args=[object_id]),
            parameters=parameters,
            facts={"What is decided": lambda _: show_dispute({"dispute": object_id})},
        )


def _zip(files: Iterable[Evidence]) -> io.BytesIO:
    """All files by number and side, each with its note beside it; at most 20 of 1 MiB."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, file in enumerate(files, start=1):
            name = f"{number:02d}-{file.side.lower()}"
            archive.writestr(f"{name}.{SUFFIXES[file.content_type]}", bytes(file.content))
            archive.writestr(f"{name}.txt", file.note)
    whole.seek(0)
    return whole
