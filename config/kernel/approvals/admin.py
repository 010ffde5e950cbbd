"""The approvals inbox of the operators' panel."""

import uuid
from contextvars import ContextVar
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.access import factor_session
from config.kernel.approvals import queries, registry, thresholds
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.forms import CommentForm, ThresholdForm, VoteForm
from config.kernel.approvals.models import ApprovalRequest, ApprovalVote, ThresholdVersion
from config.kernel.approvals.pages import operator_of, step_page
from config.kernel.approvals.reject import reject_request
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.threshold_action import CHANGE
from config.kernel.approvals.values import Link, Status
from config.kernel.approvals.withdraw import withdraw_request
from config.kernel.audit import chain, walls
from config.kernel.audit.models import AuditEvent
from config.kernel.errors import SaomaError, required
from config.kernel.words import in_words

READS_AUDIT = "audit.view_auditevent"


class InboxFilter(admin.SimpleListFilter):
    """Whose turn it is."""

    title = "inbox"
    parameter_name = "inbox"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("mine_to_decide", gettext("To approve")), ("my_requests", gettext("My requests"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ApprovalRequest]
    ) -> QuerySet[ApprovalRequest]:
        operator = operator_of(request)
        if self.value() == "mine_to_decide":
            waiting = queries.waiting_for(operator).values("id")
            return queryset.filter(id__in=waiting)
        if self.value() == "my_requests":
            return queryset.filter(maker=operator)
        return queryset


class VoteInline(panel.ReadOnlyInline):
    """Who decided what."""

    model = ApprovalVote
    fk_name = "request"
    fields = ("checker", "approves", "comment", "voted_at")
    verbose_name_plural = "votes"
    # On the request's own page, not behind a tab: it is read as a whole.
    tab = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may read the request."""
        return True


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(panel.ReadOnly):
    """Requests: what is asked, what will happen, who asks, who decided."""

    list_display = (
        "titled",
        "made_by",
        "reason_start",
        "status_label",
        "requested_at",
        "expires_at",
    )
    list_filter = (InboxFilter, "status", "action")
    search_fields = ("id", "action", "reason", "maker__username")
    list_select_related = ("maker",)
    date_hierarchy = "requested_at"
    inlines = (VoteInline,)
    # Who reads the page: links are for those who may follow them.
    _reader: ContextVar[HttpRequest | None] = ContextVar("approvals_reader", default=None)
    actions_detail = ("approve", "reject", "withdraw")
    fieldsets = (
        (
            None,
            {"fields": ("titled", "status_label", "reason", "made_by", "checkers_needed")},
        ),
        ("What is asked", {"fields": ("words_table",)}),
        ("What will happen", {"fields": ("effect_table",)}),
        ("What it rests on", {"fields": ("state_table", "changes_table")}),
        (
            "What became of it",
            {"fields": ("requested_at", "expires_at", "decided_at", "executed_at", "outcome")},
        ),
        ("In the audit log", {"fields": ("audit_table",)}),
    )
    readonly_fields = (
        "titled",
        "made_by",
        "status_label",
        "words_table",
        "effect_table",
        "state_table",
        "changes_table",
        "outcome",
        "audit_table",
    )

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Rows of the audit log for those who may read it."""
        if operator_of(request).has_perm(READS_AUDIT):
            return self.fieldsets
        return [part for part in self.fieldsets if "audit_table" not in part[1]["fields"]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApprovalRequest]:
        """Requests of the actions that this operator has a right on, and their own."""
        self._reader.set(request)
        visible = queries.visible_to(operator_of(request)).values("id")
        rows: QuerySet[ApprovalRequest] = super().get_queryset(request)
        return rows.filter(id__in=visible)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> ApprovalRequest | None:
        """A request whoever may see it: to others it is forbidden, not absent."""
        self._reader.set(request)
        return self._found(object_id)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who has a right on the request's action, or made the request."""
        operator = operator_of(request)
        if isinstance(obj, ApprovalRequest):
            return queries.visible_to(operator).filter(id=obj.id).exists()
        return bool(queries.visible_actions(operator)) or super().has_view_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the inbox is in the menu."""
        return self.has_view_permission(request)

    @display(description="request", ordering="action")
    def titled(self, request: ApprovalRequest) -> str:
        try:
            return in_words(registry.action_named(request.action).title)
        except registry.UnknownAction:
            return request.action

    @display(description="asked by", ordering="maker__username")
    def made_by(self, request: ApprovalRequest) -> str:
        return request.maker.get_username()

    @display(description="reason")
    def reason_start(self, request: ApprovalRequest) -> str:
        return request.reason if len(request.reason) <= 60 else f"{request.reason[:59]}…"

    @display(description="status", ordering="status", label=panel.STATE_COLOURS)
    def status_label(self, request: ApprovalRequest) -> str:
        return request.status

    @display(description="asked for")
    def words_table(self, request: ApprovalRequest) -> SafeString:
        return panel.table(_words(request), self._reader.get())

    @display(description="effect")
    def effect_table(self, request: ApprovalRequest) -> SafeString:
        return panel.table(request.effect)

    @display(description="state when asked")
    def state_table(self, request: ApprovalRequest) -> SafeString:
        return panel.table(request.state)

    @display(description="changed since")
    def changes_table(self, request: ApprovalRequest) -> SafeString:
        if request.status != Status.PENDING:
            return panel.table({})
        return panel.differences(queries.changed_since(request))

    @display(description="result")
    def outcome(self, request: ApprovalRequest) -> SafeString:
        return panel.table(request.result)

    @display(description="rows")
    def audit_table(self, request: ApprovalRequest) -> SafeString:
        reader = required(self._reader.get(), "a page has a reader")
        rows = walls.with_masks(queries.audit_rows(request), operator_of(reader))
        return panel.grid(
            ("row", "at", "actor", "action", "target", "purpose", "hash holds"),
            [_audit_line(event) for event in rows],
            reader,
        )

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether approve and reject are offered to this operator.

        A click that comes after the decision is let through to the use case, which
        answers it as it answered the first.
        """
        approval_request = self._found(object_id)
        if approval_request is None:
            return False
        operator = operator_of(request)
        if request.method == "POST":
            return queries.is_checker(operator, approval_request)
        return queries.may_decide(operator, approval_request)

    def has_withdraw_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether withdraw is offered: to the maker, while the request waits."""
        approval_request = self._found(object_id)
        return (
            approval_request is not None
            and approval_request.status == Status.PENDING
            and approval_request.maker_id == operator_of(request).pk
        )

    @action(description="Approve", permissions=["decide"], icon="check", variant="success")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Approve after a look at what will happen."""

        def run(form: forms.Form) -> str:
            _check_presence(request, form, object_id)
            decided = approve_request(
                request_id=uuid.UUID(object_id),
                checker=operator_of(request),
                comment=form.cleaned_data["comment"],
            )
            _show_outcome(request, decided)
            return _address(object_id)

        return self._step(request, object_id, "Approve", run)

    @action(description="Reject", permissions=["decide"], icon="close", variant="danger")
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say no."""

        def run(form: forms.Form) -> str:
            _check_presence(request, form, object_id)
            reject_request(
                request_id=uuid.UUID(object_id),
                checker=operator_of(request),
                comment=form.cleaned_data["comment"],
            )
            messages.success(request, gettext("Rejected. Nothing was done."))
            return _address(object_id)

        return self._step(request, object_id, "Reject", run)

    @action(description="Withdraw", permissions=["withdraw"], icon="undo")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take one's own request back."""

        def run(form: forms.Form) -> str:
            withdraw_request(request_id=uuid.UUID(object_id), maker=operator_of(request))
            messages.success(request, gettext("Withdrawn. Nothing was done."))
            return _address(object_id)

        return self._step(request, object_id, "Withdraw", run, is_vote=False)

    def _step(
        self, request: HttpRequest, object_id: str, button: str, run: Any, *, is_vote: bool = True
    ) -> HttpResponse:
        approval_request = required(self._found(object_id), "its permission was checked")
        entry = registry.action_named(approval_request.action)
        needs_code = is_vote and not factor_session.is_fresh(request, operator_of(request))
        form_class = VoteForm if needs_code else CommentForm
        return step_page(
            request,
            title=f"{in_words(button)}: {in_words(entry.title)}",
            button=button,
            form=form_class(request.POST if request.method == "POST" else None),
            facts={
                "Asked by": lambda _: {
                    approval_request.maker.get_username(): approval_request.reason
                },
                "What is asked": lambda _: _words(approval_request),
                "What will happen": lambda _: approval_request.effect,
                "State now": entry.state,
            },
            parameters=approval_request.parameters,
            back=_address(object_id),
            run=run,
        )

    def _found(self, object_id: str | None) -> ApprovalRequest | None:
        try:
            request_id = uuid.UUID(str(object_id))
        except ValueError:
            return None
        return ApprovalRequest.objects.filter(id=request_id).first()


@admin.register(ThresholdVersion)
class ThresholdAdmin(panel.ReadOnly):
    """What thresholds were set to, by which request; the newest of each counts."""

    list_display = ("name", "value", "set_at", "request")
    list_filter = ("name",)
    list_select_related = ("request",)
    actions_list = ("ask_change",)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Who has a right on changing them."""
        return CHANGE in queries.visible_actions(operator_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The same for the menu."""
        return self.has_view_permission(request)

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a change."""
        return queries.may_ask(operator_of(request), CHANGE)

    @action(description="Ask for another value", permissions=["ask"], icon="speed")
    def ask_change(self, request: HttpRequest) -> HttpResponse:
        """Ask a second operator to agree to another value."""

        def run(form: forms.Form) -> str:
            values = form.cleaned_data
            approval_request = request_approval(
                action=CHANGE,
                parameters={"name": values["name"], "value": values["value"]},
                reason=values["reason"],
                maker=operator_of(request),
            )
            return _address(str(approval_request.id))

        return step_page(
            request,
            title="Change a threshold",
            button="Ask for approval",
            form=ThresholdForm(request.POST or None),
            facts={"What they are now": lambda _: _present()},
            parameters={},
            back=reverse("admin:approvals_thresholdversion_changelist"),
            run=run,
        )


def _audit_line(event: AuditEvent) -> list[object]:
    masked = getattr(event, walls.MASKED)
    return [
        Link(str(event.seq), "audit.AuditEvent", str(event.pk)),
        f"{localtime(event.at):%Y-%m-%d %H:%M:%S}",
        event.actor,
        event.action,
        *(["-", "-"] if masked else [event.target, event.purpose]),
        in_words("Yes" if chain.holds(event) else "No"),
    ]


def _present() -> dict[str, object]:
    return {
        entry.title: f"{thresholds.value_of(entry.name):,} {entry.unit}"
        for entry in thresholds.thresholds()
    }


def _address(object_id: str) -> str:
    return reverse("admin:approvals_approvalrequest_change", args=[object_id])


def _check_presence(request: HttpRequest, form: forms.Form, object_id: str) -> None:
    """A vote is given by whoever holds the second factor, now."""
    factor_session.check_fresh(
        request,
        operator_of(request),
        code=form.cleaned_data.get("code", ""),
        target=f"approval:{object_id}",
    )


def _words(request: ApprovalRequest) -> dict[str, object]:
    """Every parameter in words; what cannot be read any more is said so."""
    try:
        entry = registry.action_named(request.action)
        return registry.in_words(entry, request.parameters)
    except SaomaError as error:
        return {"not readable any more": str(error)}


def _show_outcome(request: HttpRequest, decided: ApprovalRequest) -> None:
    """Say in words what an approval led to."""
    texts = {
        Status.EXECUTED: "Approved and done.",
        Status.PENDING: "Approved. Another approver is needed.",
        Status.EXPIRED: "Too late: the request had expired. Nothing was done.",
        Status.STALE: "The target has changed since the request. Nothing was done.",
    }
    text = texts.get(Status(decided.status))
    if text is None:
        refused = gettext("A rule refused it: %(code)s. Nothing was done.")
        messages.error(request, refused % {"code": decided.failure_code})
    elif decided.status in {Status.EXECUTED, Status.PENDING}:
        messages.success(request, gettext(text))
    else:
        messages.warning(request, gettext(text))
