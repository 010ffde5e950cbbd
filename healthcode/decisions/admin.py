"""The health desk's tables: how people stand, decisions, overrides, alarms."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import ask_form_page, operator_of, step_page
from config.kernel.approvals.queries import may_ask
from config.kernel.approvals.request import request_approval
from config.kernel.words import in_reader_language
from healthcode.decisions.actions import (
    IMPORT_LIST,
    RECOLOUR,
    RECOLOUR_MANY,
    show_subject,
    state_of_subject,
)
from healthcode.decisions.cards import reasons_in_words
from healthcode.decisions.evidence_admin import EvidenceAdmin
from healthcode.decisions.findings import DECLARE_AREA, RECORD_FINDING
from healthcode.decisions.forms import (
    AreaForm,
    FindingForm,
    LaboratoryForm,
    ListForm,
    OverrideForm,
    OverridesForm,
    PlacementForm,
)
from healthcode.decisions.models import (
    Alarm,
    DayCount,
    Decision,
    Head,
    Laboratory,
    Override,
    PersonList,
    QuarantinedReport,
    SourceRegistration,
)
from healthcode.decisions.pages import withdraw_page
from healthcode.decisions.placement import PLACE_REPORT
from healthcode.decisions.registrations import REGISTER_LABORATORY
from healthcode.evidence.admin import HealthReads
from healthcode.evidence.models import Evidence, RiskArea

# Its page reaches up to decisions: clinicians sign readings off on it.
admin.site.register(Evidence, EvidenceAdmin)


def _colour(field: str) -> Any:
    """A column that shows a colour as a label with its word."""

    @display(description="colour", ordering=field, label=panel.STATE_COLOURS)
    def shown(self: Any, row: Any) -> str:
        for name in field.split("__"):
            row = getattr(row, name)
        return str(row)

    return shown


@admin.register(Head)
class HeadAdmin(HealthReads, panel.Viewed):
    """How each subject stands. Opening one is written down in the audit log."""

    audited_as = "subject"
    list_display = ("subject", "colour_label", "decided_at", "recolour_at", "checkin_due_at")
    list_filter = ("decision__colour",)
    search_fields = ("=subject__id",)
    search_help_text = "Id of the subject"
    list_select_related = ("subject", "decision")
    actions_detail = ("ask_override", "ask_finding")
    fields = ("subject", "colour_label", "reasons", "recolour_at", "checkin_due_at")
    readonly_fields = ("colour_label", "reasons")
    colour_label = _colour("decision__colour")

    @display(description="decided")
    def decided_at(self, row: Head) -> Any:
        """When the standing decision was made."""
        return row.decision.computed_at

    @display(description="reasons")
    def reasons(self, row: Head) -> str:
        """Why, in words."""
        decision = row.decision
        rows = reasons_in_words(decision.reasons, decision.rule_set)
        return panel.table({reason["rule"]: in_reader_language(reason["text"]) for reason in rows})

    def has_override_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a colour by hand; nobody may set one alone."""
        return bool(object_id) and may_ask(operator_of(request), RECOLOUR)

    @action(description="Ask for a colour by hand", permissions=["override"], icon="palette")
    def ask_override(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to set a colour for at most 72 hours."""
        form = OverrideForm(request.POST or None)

        def run(filled: Any) -> str:
            approval = request_approval(
                action=RECOLOUR,
                parameters={
                    "subject": object_id,
                    "colour": filled.cleaned_data["colour"],
                    "reason_code": filled.cleaned_data["reason_code"],
                    "hours": filled.cleaned_data["hours"],
                    "legal_basis": filled.cleaned_data["legal_basis"],
                    "evidence": filled.evidence_ids(),
                },
                reason=filled.cleaned_data["reason"],
                maker=operator_of(request),
            )
            return reverse("admin:approvals_approvalrequest_change", args=[approval.id])

        return step_page(
            request,
            title="Set a health colour by hand",
            button="Ask for approval",
            form=form,
            facts={"Whose colour": show_subject, "State now": state_of_subject},
            parameters={"subject": object_id},
            back=reverse("admin:health_decisions_head_change", args=[object_id]),
            run=run,
        )

    def has_finding_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may report what an authority has found; nobody reports alone."""
        return bool(object_id) and may_ask(operator_of(request), RECORD_FINDING)

    @action(description="Report a finding", permissions=["finding"], icon="assignment_add")
    def ask_finding(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to take a case, quarantine, entry or vaccination as evidence."""
        return ask_form_page(
            request,
            action=RECORD_FINDING,
            form=FindingForm(request.POST or None),
            back=reverse("admin:health_decisions_head_change", args=[object_id]),
            parameters=lambda form: cast("FindingForm", form).parameters(object_id),
            facts={
                "Whose colour": lambda _: show_subject({"subject": object_id}),
                "State now": lambda _: state_of_subject({"subject": object_id}),
            },
        )


@admin.register(RiskArea)
class RiskAreaAdmin(panel.ReadOnly):
    """Regions at risk: one operator asks, another declares."""

    list_display = ("region", "level", "valid_from", "valid_until", "declared_by")
    list_filter = ("level",)
    search_fields = ("region",)
    actions_list = ("ask_area",)

    def has_area_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a region to be declared."""
        return may_ask(operator_of(request), DECLARE_AREA)

    @action(description="Ask for a region at risk", permissions=["area"], icon="add_location")
    def ask_area(self, request: HttpRequest) -> HttpResponse:
        """Ask a second operator to declare a region's level."""
        return ask_form_page(
            request,
            action=DECLARE_AREA,
            form=AreaForm(request.POST or None),
            back=reverse("admin:health_evidence_riskarea_changelist"),
            parameters=lambda form: cast("AreaForm", form).parameters(),
        )


@admin.register(Decision)
class DecisionAdmin(HealthReads, panel.ReadOnly):
    """Decisions, append-only."""

    list_display = (
        "subject", "colour_label", "trigger", "computed_at", "valid_until", "rule_set",
        "indeterminate",
    )  # fmt: skip
    list_filter = ("colour", "trigger", "indeterminate", "rule_set")
    search_fields = ("=id", "=subject__id")
    list_select_related = ("subject",)
    date_hierarchy = "computed_at"
    colour_label = _colour("colour")


@admin.register(Override)
class OverrideAdmin(HealthReads, panel.ReadOnly):
    """Colours set by two people, by three where it is several at once."""

    actions_list = ("ask_several",)

    def has_several_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for several colours by hand."""
        return may_ask(operator_of(request), RECOLOUR_MANY)

    @action(description="Ask for several colours", permissions=["several"], icon="palette")
    def ask_several(self, request: HttpRequest) -> HttpResponse:
        """Ask two other operators to set the colours of up to twenty people."""
        return ask_form_page(
            request,
            action=RECOLOUR_MANY,
            form=OverridesForm(request.POST or None),
            back=reverse("admin:health_decisions_override_changelist"),
        )

    list_display = ("subject", "colour_label", "reason", "maker", "checker", "starts_at", "ends_at")
    list_filter = ("colour", "reason", "maker")
    search_fields = ("=subject__id", "maker", "checker")
    list_select_related = ("subject",)
    colour_label = _colour("colour")


@admin.register(PersonList)
class PersonListAdmin(panel.ReadOnly):
    """Lists of people taken as evidence: by three, for a case, for a while."""

    actions_list = ("ask_list",)

    def has_list_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a list to be taken."""
        return may_ask(operator_of(request), IMPORT_LIST)

    @action(description="Ask for a list to be taken", permissions=["list"], icon="group_add")
    def ask_list(self, request: HttpRequest) -> HttpResponse:
        """Ask two other operators to take a list of people as evidence."""
        return ask_form_page(
            request,
            action=IMPORT_LIST,
            form=ListForm(request.POST or None),
            back=reverse("admin:health_decisions_personlist_changelist"),
        )

    list_display = (
        "case_reference", "kind", "people", "purpose", "maker", "imported_at", "expires_at",
        "expired_at",
    )  # fmt: skip
    list_filter = ("kind", "maker")
    search_fields = ("case_reference", "maker")


@admin.register(DayCount)
class DayCountAdmin(panel.ReadOnly):
    """What is published of decisions: turns to red by rule, region, operator and source."""

    list_display = ("day", "dimension", "name", "count")
    list_filter = ("dimension",)
    search_fields = ("name",)
    date_hierarchy = "day"


@admin.register(Laboratory)
class LaboratoryAdmin(panel.Viewed):
    """Bodies whose signed reports are taken: two operators decide, one takes it back at once."""

    list_display = ("name", "kid", "by_machine", "registered")
    list_filter = ("by_machine",)
    list_select_related = ("registration",)
    search_fields = ("name", "kid")
    fields = ("name", "kid", "by_machine", "public_jwk", "registration", "registered")
    readonly_fields = ("registered",)
    actions_list = ("ask_registration",)
    actions_detail = ("withdraw",)

    @display(description="its word counts", boolean=True)
    def registered(self, row: Laboratory) -> bool:
        """Whether its registration stands."""
        return row.registration is not None and row.registration.withdrawn_at is None

    def has_register_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a registration, or end one; nobody registers alone."""
        return may_ask(operator_of(request), REGISTER_LABORATORY)

    @action(description="Ask for a laboratory", permissions=["register"], icon="biotech")
    def ask_registration(self, request: HttpRequest) -> HttpResponse:
        """Ask a second operator to let a laboratory's reports count."""
        return ask_form_page(
            request,
            action=REGISTER_LABORATORY,
            form=LaboratoryForm(request.POST or None),
            back=reverse("admin:health_decisions_laboratory_changelist"),
        )

    @action(description="Withdraw", permissions=["register"], icon="block", variant="danger")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let its reports count no longer, at once."""
        back = reverse("admin:health_decisions_laboratory_change", args=[object_id])
        return withdraw_page(request, Laboratory.objects.get(pk=object_id).registration, back)


@admin.register(SourceRegistration)
class SourceRegistrationAdmin(panel.ReadOnly):
    """Who may be a source of what colours people, and who decided so."""

    list_display = ("name", "kind", "maker", "checker", "third", "registered_at", "withdrawn_at")
    list_filter = ("kind",)
    search_fields = ("name", "maker", "checker")


@admin.register(QuarantinedReport)
class QuarantinedReportAdmin(HealthReads, panel.ReadOnly):
    """Reports about people we cannot place: a desk that knows whose one is asks a second."""

    actions_detail = ("ask_placement",)
    list_display = ("number", "laboratory", "received_at", "delete_after")
    list_select_related = ("laboratory",)
    search_fields = ("number",)

    def has_place_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a report to be placed; nobody places one alone."""
        return bool(object_id) and may_ask(operator_of(request), PLACE_REPORT)

    @action(description="Say whose it is", permissions=["place"], icon="person_search")
    def ask_placement(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to take a report as one about the person at the desk."""
        return ask_form_page(
            request,
            action=PLACE_REPORT,
            form=PlacementForm(request.POST or None),
            back=reverse("admin:health_decisions_quarantinedreport_change", args=[object_id]),
            parameters=lambda form: {
                "report": object_id,
                "subject": cast("PlacementForm", form).subject(),
            },
        )


@admin.register(Alarm)
class AlarmAdmin(panel.ReadOnly):
    """What somebody must look at."""

    list_display = ("kind", "at", "seen_by")
    list_filter = ("kind",)
    exclude = ("facts",)
    readonly_fields = ("contents",)
    actions = ("mark_seen",)  # type: ignore[assignment]

    @display(description="contents")
    def contents(self, row: Any) -> str:
        """What happened."""
        return panel.table(row.facts)

    @admin.action(description="I have looked at these")
    def mark_seen(self, request: HttpRequest, rows: QuerySet[Alarm]) -> None:
        """Note who looked."""
        rows.filter(seen_by="").update(seen_by=operator_of(request).get_username())
