"""Statements and breaks in the operators' panel."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import ask_page, operator_of
from config.kernel.approvals.queries import may_ask
from merchants.reconciliation import queries, rules
from merchants.reconciliation.models import Break, StatementFile
from merchants.reconciliation.usecases.close_break import CLOSE
from merchants.reconciliation.usecases.close_day import CLOSE_DAY
from merchants.reconciliation.values import BreakState, Template


@admin.register(StatementFile)
class StatementFileAdmin(panel.ReadOnly):
    """Statements that were read, and the days that are closed with them."""

    actions_detail = ("ask_close_day",)
    list_display = ("day", "currency", "line_count", "opening", "closing", "made_at", "read_at")
    list_filter = ("file_format", "currency")
    search_fields = ("digest", "lines__bank_reference", "lines__reference")
    search_help_text = "A line's reference, ours or the bank's, or the file's SHA-256"
    date_hierarchy = "day"
    readonly_fields = ("opening", "closing")
    fieldsets = (
        (None, {"fields": (("day", "currency"), ("opening", "closing"), "line_count")}),
        (
            "File",
            {"fields": (("file_format", "made_at"), ("read_at", "superseded_at"), "digest")},
        ),
    )

    def has_close_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether closing the day is offered: to its makers, while it is open."""
        if object_id is None or not may_ask(operator_of(request), CLOSE_DAY):
            return False
        file = StatementFile.objects.filter(id=object_id).first()
        return file is not None and not queries.is_closed(file.day)

    @action(description="Ask to close the day", permissions=["close"], icon="lock")
    def ask_close_day(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to close the books of this day."""
        day = StatementFile.objects.values_list("day", flat=True).get(id=object_id)
        return ask_page(
            request,
            action=CLOSE_DAY,
            parameters={"day": day.isoformat()},
            back=reverse("admin:reconciliation_statementfile_change", args=[object_id]),
        )

    @display(description="opening", ordering="opening_minor")
    def opening(self, file: StatementFile) -> str:
        return panel.money(file.opening_minor, file.currency)

    @display(description="closing", ordering="closing_minor")
    def closing(self, file: StatementFile) -> str:
        return panel.money(file.closing_minor, file.currency)


@admin.register(Break)
class BreakAdmin(panel.ReadOnly):
    """Breaks, oldest open ones first, with their age."""

    list_display = ("day", "kind", "reference", "ours", "theirs", "state_label", "age")
    list_display_links = ("day", "kind")
    list_filter = ("state", "kind", "currency")
    search_fields = ("reference", "bank_reference")
    search_help_text = "Our reference, or the bank's"
    date_hierarchy = "day"
    actions_detail = ("ask_suspense", "ask_explained")
    readonly_fields = ("ours", "theirs", "difference", "age", "state_label")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("day", "kind"),
                    ("ours", "theirs"),
                    ("difference", "age"),
                    "state_label",
                )
            },
        ),
        ("Line", {"fields": (("reference", "bank_reference"), "position")}),
        ("End", {"fields": (("found_at", "closed_at"), ("template", "journal_id"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Break]:
        """Open breaks first (their state has no closing time), the oldest day on top."""
        rows: QuerySet[Break] = super().get_queryset(request)
        return rows.order_by("closed_at", "day") if "o" not in request.GET else rows

    @display(description="with us", ordering="ours_minor")
    def ours(self, row: Break) -> str:
        return panel.money(row.ours_minor, row.currency)

    @display(description="at the bank", ordering="theirs_minor")
    def theirs(self, row: Break) -> str:
        return panel.money(row.theirs_minor, row.currency)

    @display(description="difference")
    def difference(self, row: Break) -> str:
        difference_minor = rules.owed_to_suspense(
            ours_minor=row.ours_minor, theirs_minor=row.theirs_minor
        )
        return panel.money(difference_minor, row.currency)

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, row: Break) -> str:
        return row.state

    @display(description="age in days", ordering="day")
    def age(self, row: Break) -> str:
        if row.state != BreakState.OPEN:
            return "-"
        days = queries.age_days(row)
        return f"{days} ({rules.bucket(days)})"

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether closing is offered: to its makers, while the break is open."""
        if object_id is None or not may_ask(operator_of(request), CLOSE):
            return False
        return queries.open_breaks().filter(id=object_id).exists()

    @action(description="Ask to put it in suspense", permissions=["ask"], icon="move_to_inbox")
    def ask_suspense(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to let our books follow the bank's."""
        return self._ask(request, object_id, Template.SUSPENSE)

    @action(description="Ask to close it as explained", permissions=["ask"], icon="check")
    def ask_explained(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to close a break that needs no entries."""
        return self._ask(request, object_id, Template.EXPLAINED)

    def _ask(self, request: HttpRequest, object_id: str, template: Template) -> HttpResponse:
        return ask_page(
            request,
            action=CLOSE,
            parameters={"break_id": object_id, "template": template.value},
            back=reverse("admin:reconciliation_break_change", args=[object_id]),
        )
