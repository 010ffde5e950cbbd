"""The risk desk: decisions, cases and what is done about them, rules, models, lists."""

import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from unfold.decorators import action, display

from config.kernel import clock
from config.kernel.actors import operator_actor
from config.kernel.approvals.pages import ask_page, operator_of, step_page
from config.kernel.approvals.queries import may_ask, visible_actions
from config.kernel.approvals.values import Link
from config.kernel.panel import (
    STATE_COLOURS,
    ReadOnly,
    ReadOnlyInline,
    Viewed,
    grid,
    link,
    money,
    table,
)
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.risk.approvals import PUBLISH, UNLIST
from wallet.risk.forms import (
    BacktestForm,
    DraftForm,
    FindingForm,
    ListForm,
    ShortReasonForm,
    SnoozeForm,
)
from wallet.risk.models import (
    ListEntry,
    RiskCase,
    RiskDecision,
    RiskModel,
    RiskRuleSet,
)
from wallet.risk.queries import case_of, people, sentences
from wallet.risk.queries.current import in_force, loaded
from wallet.risk.queries.reports import backtest, drift, shadow_report
from wallet.risk.usecases.assign_case import assign_case
from wallet.risk.usecases.draft_rule_set import draft_rule_set
from wallet.risk.usecases.hold_payouts import hold_payouts
from wallet.risk.usecases.list_subject import EntryUnknown, list_subject
from wallet.risk.usecases.resolve_case import resolve_case
from wallet.risk.usecases.snooze_case import snooze_case
from wallet.risk.values import CaseOutcome, CaseState, ListedKind, ListKind, Movement

CASE_COLOURS = {"OPEN": "danger", "ASSIGNED": "warning", "RESOLVED": "success"}
MAY_WORK = "risk.change_riskcase"
MAY_FREEZE = "accounts.freeze_walletuser"
# Money that leaves otherwise than by a payment, which could be given back.
NO_PAYMENTS = (Movement.TRANSFER, Movement.WITHDRAWAL, Movement.MERCHANT_TRANSFER)


class DecisionInline(ReadOnlyInline):
    """The decisions that a case gathers."""

    model = RiskDecision
    fields = ("decided_at", "decision", "score", "reasons", "amount", "payment_id")
    readonly_fields = fields

    @display(description="Amount")
    def amount(self, decision: RiskDecision) -> str:
        return money(decision.amount_minor, decision.currency)


@admin.register(RiskDecision)
class RiskDecisionAdmin(ReadOnly):
    """Every judgement of a payment, with what was seen and which rules fired."""

    list_display = (
        "decided_at", "shown_decision", "score", "movement", "stage", "amount", "rule_set",
    )  # fmt: skip
    list_filter = ("decision", "movement", "stage", "rule_set")
    search_fields = ("=payment_id", "=payer_id", "=payee_id", "=device_id")
    fields = (
        "payment_id",
        "stage",
        "shown_decision",
        "score",
        "why",
        "seen",
        "rule_set",
        "degraded",
        "model_said",
        "movement",
        "amount",
        "payer_id",
        "payee_id",
        "device_id",
        "case",
        "decided_at",
    )
    readonly_fields = ("shown_decision", "why", "seen", "model_said", "amount")

    @display(description="Decision", label=STATE_COLOURS, ordering="decision")
    def shown_decision(self, decision: RiskDecision) -> str:
        return decision.decision

    @display(description="Amount", ordering="amount_minor")
    def amount(self, decision: RiskDecision) -> str:
        return money(decision.amount_minor, decision.currency)

    @display(description="Why")
    def why(self, decision: RiskDecision) -> SafeString:
        words = sentences(decision.rule_set, decision.reasons)
        return table(dict(zip(decision.reasons, words, strict=False)))

    @display(description="Seen")
    def seen(self, decision: RiskDecision) -> SafeString:
        return table(decision.features)

    @display(description="What moved the model")
    def model_said(self, decision: RiskDecision) -> SafeString:
        return table(decision.contributions)


class InboxFilter(admin.SimpleListFilter):
    """What is to be worked on now: not resolved, not put aside; or overdue."""

    title = "Inbox"
    parameter_name = "inbox"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("now", gettext("To do")),
            ("mine", gettext("Mine")),
            ("overdue", gettext("Overdue")),
            ("asleep", gettext("Put aside")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[RiskCase]) -> QuerySet[RiskCase]:
        choice, now = self.value(), clock.now()
        if choice is None:
            return queryset
        rows = queryset.exclude(state=CaseState.RESOLVED)
        if choice == "asleep":
            return rows.filter(snoozed_until__gt=now)
        rows = rows.exclude(snoozed_until__gt=now)
        if choice == "mine":
            return rows.filter(assignee=operator_of(request).get_username())
        return rows.filter(due_at__lte=now) if choice == "overdue" else rows


@admin.register(RiskCase)
class RiskCaseAdmin(Viewed):
    """Cases: take one, look, act, say what it was."""

    list_display = ("summary", "shown_state", "assignee", "outcome", "opened_at", "due_at")
    list_filter = (InboxFilter, "state", "outcome", "assignee")
    search_fields = ("=id", "=payer_id", "=payee_id", "summary")
    inlines = (DecisionInline,)
    _reader: ContextVar[HttpRequest | None] = ContextVar("case_reader", default=None)
    actions_detail = ("take", "resolve", "snooze", "hold", "list", "freeze")
    readonly_fields = ("payer", "payee", "payments")
    fieldsets = (
        (None, {"fields": ("summary", "state", "assignee", "pattern")}),
        ("Parties", {"fields": ("payer", "payee", "payments")}),
        ("What became of it", {"fields": ("outcome", "reason")}),
        (
            "Times",
            {
                "fields": (
                    ("opened_at", "due_at"),
                    ("assigned_at", "snoozed_until"),
                    ("flagged_at", "resolved_at"),
                )
            },
        ),
    )

    @display(description="payer")
    def payer(self, case: RiskCase) -> str:
        return _shown(people.customer(case.payer_id), self._reader.get())

    @display(description="payee")
    def payee(self, case: RiskCase) -> str:
        return _shown(people.customer(case.payee_id), self._reader.get())

    @display(description="Payments")
    def payments(self, case: RiskCase) -> SafeString:
        """The case's payments; their pages ask for refunds."""
        rows = case.decisions.exclude(movement__in=NO_PAYMENTS).order_by("decided_at")
        numbers = dict.fromkeys(str(row.payment_id) for row in rows)
        links = [[Link(number, "payments.Payment", number)] for number in numbers]
        return grid(("payment",), links, self._reader.get())

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Links are for those who may follow them."""
        self._reader.set(request)
        page: HttpResponse = super().change_view(request, *args, **kwargs)
        return page

    @display(description="State", label=CASE_COLOURS, ordering="state")
    def shown_state(self, case: RiskCase) -> str:
        return case.state

    def has_work_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Analysts work on cases that are not resolved."""
        if not request.user.has_perm(MAY_WORK):
            return False
        live = RiskCase.objects.exclude(state=CaseState.RESOLVED)
        return object_id is None or live.filter(id=object_id).exists()

    def has_freeze_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who works on cases and may freeze customers."""
        return self.has_work_permission(request, object_id) and request.user.has_perm(MAY_FREEZE)

    @action(description="Take", url_path="take", permissions=["work"], icon="person_add")
    def take(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put the operator's own name on the case."""
        name = operator_of(request).get_username()
        return self._step(
            request,
            object_id,
            "Take this case",
            forms.Form(request.POST if request.method == "POST" else None),
            lambda case_id, _, actor: assign_case(case_id=case_id, assignee=name, actor=actor),
        )

    @action(description="Resolve", url_path="resolve", permissions=["work"], icon="task_alt")
    def resolve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close the case with what was found; backtests and shadow runs learn from it."""
        return self._step(
            request,
            object_id,
            "Resolve this case",
            FindingForm(request.POST or None),
            lambda case_id, data, actor: resolve_case(
                case_id=case_id,
                outcome=CaseOutcome(data["outcome"]),
                reason=data["reason"],
                actor=actor,
            ),
        )

    @action(description="Put aside", url_path="snooze", permissions=["work"], icon="snooze")
    def snooze(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the case out of the inbox for some hours."""
        return self._step(
            request,
            object_id,
            "Put this case aside",
            SnoozeForm(request.POST or None),
            lambda case_id, data, actor: snooze_case(
                case_id=case_id,
                until=clock.now() + timedelta(hours=data["hours"]),
                reason=data["reason"],
                actor=actor,
            ),
        )

    @action(description="Hold payouts", url_path="hold", permissions=["work"], icon="front_hand")
    def hold(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop the payouts of the case's payee at once; two operators let them go."""
        return self._step(
            request,
            object_id,
            "Hold the payee's payouts",
            forms.Form(request.POST if request.method == "POST" else None),
            lambda case_id, _, actor: hold_payouts(case_id=case_id, actor=actor),
        )

    @action(description="List", url_path="list", permissions=["work"], icon="playlist_add")
    def list(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Block, allow or watch the payer, the payee or a device of the case."""

        def run(case_id: uuid.UUID, data: Any, actor: str) -> None:
            list_subject(
                listed=ListedKind(data["listed"]),
                subject_id=listed_in(case_of(case_id), ListedKind(data["listed"])),
                kind=ListKind(data["kind"]),
                reason=data["reason"],
                actor=actor,
            )

        form = ListForm(request.POST or None)
        return self._step(request, object_id, "Put on a list", form, run)

    @action(description="Freeze payer", url_path="freeze", permissions=["freeze"], icon="ac_unit")
    def freeze(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Freeze the payer's wallet at once; two operators unfreeze it."""
        return self._step(
            request,
            object_id,
            "Freeze the payer",
            ShortReasonForm(request.POST or None),
            lambda case_id, data, actor: freeze_user(
                user_id=case_of(case_id).payer_id, actor=actor, reason=data["reason"]
            ),
        )

    def _step(
        self,
        request: HttpRequest,
        object_id: str,
        title: str,
        form: forms.Form,
        deed: Callable[[uuid.UUID, Any, str], object],
    ) -> HttpResponse:
        """Show the form; on POST do the deed and show the case again."""
        page = reverse("admin:risk_riskcase_change", args=[object_id])

        def run(filled: forms.Form) -> str:
            name = operator_of(request).get_username()
            deed(uuid.UUID(object_id), filled.cleaned_data, operator_actor(name))
            text = gettext("%(title)s: done.") % {"title": gettext(title)}
            messages.success(request, text)
            return page

        return step_page(
            request, title=title, button=title, form=form, facts={}, parameters={}, back=page,
            run=run,
        )  # fmt: skip


def _shown(who: Link | str, reader: HttpRequest | None) -> str:
    return link(who, reader) if isinstance(who, Link) else who


def listed_in(case: RiskCase, listed: ListedKind) -> uuid.UUID:
    """Whom or what of a case a list is to name.

    Raises:
        EntryUnknown: no decision of the case knows a device.
    """
    if listed is ListedKind.PAYER:
        return case.payer_id
    if listed is ListedKind.PAYEE:
        return case.payee_id
    device_id = case.decisions.filter(device_id__isnull=False).values_list("device_id", flat=True)
    first = device_id.first()
    if first is None:
        raise EntryUnknown(field="listed")
    return first


@admin.register(RiskRuleSet)
class RiskRuleSetAdmin(ReadOnly):
    """Rule sets: drafted, run in the shadow, published by two others."""

    list_display = ("version", "drafted_by", "drafted_at", "shadow_since", "published_at")
    search_fields = ("version",)
    exclude = ("content",)
    readonly_fields = ("rules", "shadow")
    actions_list = ("draft",)
    actions_detail = ("backtest", "ask_publication")

    def has_backtest_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may try rules on what was stored: whoever sees their publication asked for."""
        return PUBLISH in visible_actions(operator_of(request))

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may draft rules and ask for their publication."""
        return may_ask(operator_of(request), PUBLISH)

    @action(description="Draft rules", url_path="draft", permissions=["publish"], icon="edit_note")
    def draft(self, request: HttpRequest) -> HttpResponse:
        """Check a rule set, store it, and run it in the shadow from now on."""

        def run(filled: forms.Form) -> str:
            drafted = draft_rule_set(
                version=filled.cleaned_data["version"],
                content=filled.cleaned_data["content"],
                author=operator_of(request).get_username(),
            )
            return reverse("admin:risk_riskruleset_change", args=[drafted.id])

        return step_page(
            request,
            title="Draft risk rules",
            button="Check and draft",
            form=DraftForm(request.POST or None),
            facts={},
            parameters={},
            back=reverse("admin:risk_riskruleset_changelist"),
            run=run,
        )

    @action(description="Backtest", url_path="backtest", permissions=["backtest"], icon="history")
    def backtest(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Judge the stored movements of some days by this set; nothing is written."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        form = BacktestForm(request.GET)
        facts = {"Stored movements, judged again": backtest_of(row)} if form.is_valid() else {}
        return step_page(
            request,
            title="Try these rules on stored movements",
            button="Judge",
            form=BacktestForm(request.POST or request.GET or None),
            facts=facts,
            parameters=dict(form.cleaned_data),
            back=reverse("admin:risk_riskruleset_change", args=[object_id]),
            run=lambda filled: f"{request.path}?days={filled.cleaned_data['days']}",
        )

    @action(
        description="Ask for publication", url_path="ask", permissions=["publish"], icon="publish"
    )
    def ask_publication(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask two other operators to put a draft in force."""
        return ask_page(
            request,
            action=PUBLISH,
            parameters={"draft": object_id},
            back=reverse("admin:risk_riskruleset_change", args=[object_id]),
        )

    @display(description="Rules")
    def rules(self, row: RiskRuleSet) -> SafeString:
        return table(
            {rule["name"]: f"{rule['when']} → {rule['decision']}" for rule in row.content["rules"]}
        )

    @display(description="In the shadow, beside the rules in force")
    def shadow(self, row: RiskRuleSet) -> SafeString:
        return table(shadow_report(row.version).facts())


def backtest_of(row: RiskRuleSet) -> Callable[[Any], dict[str, object]]:
    """Reads what a rule set would have said of the last `days` days."""

    def read(parameters: Any) -> dict[str, object]:
        now = clock.now()
        since = now - timedelta(days=int(parameters["days"]))
        return backtest(loaded(row), since=since, until=now, model=in_force().model).facts()

    return read


@admin.register(RiskModel)
class RiskModelAdmin(ReadOnly):
    """Trained models: their figures, their drift, and how a challenger compares."""

    list_display = ("version", "threshold", "trained_at")
    search_fields = ("version",)
    exclude = ("text", "figures", "reference")
    readonly_fields = ("measured", "drift_of_a_week", "as_challenger")

    @display(description="Measured when trained")
    def measured(self, row: RiskModel) -> SafeString:
        return table(row.figures)

    @display(description="Stability index of a week (above 0.25: another world)")
    def drift_of_a_week(self, row: RiskModel) -> SafeString:
        return table(drift(row, since=clock.now() - timedelta(days=7)))

    @display(description="As challenger, beside the rules in force")
    def as_challenger(self, row: RiskModel) -> SafeString:
        return table(shadow_report(f"model:{row.version}").facts())


@admin.register(ListEntry)
class ListEntryAdmin(ReadOnly):
    """Who or what is blocked, allowed or watched, and why."""

    list_display = ("kind", "listed", "who", "reason", "added_by", "added_at", "removed_at")
    list_filter = ("kind", "listed")
    search_fields = ("=subject_id", "reason")
    readonly_fields = ("who",)
    actions_detail = ("ask_removal",)

    @display(description="who")
    def who(self, entry: ListEntry) -> str:
        who = people.listed(entry.listed, entry.subject_id)
        return who.text if isinstance(who, Link) else who

    def has_unlist_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for an entry to be taken off."""
        return may_ask(operator_of(request), UNLIST)

    @action(description="Ask for removal", url_path="unlist", permissions=["unlist"], icon="remove")
    def ask_removal(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask another operator to take the entry off its list."""
        return ask_page(
            request,
            action=UNLIST,
            parameters={"entry": object_id},
            back=reverse("admin:risk_listentry_change", args=[object_id]),
        )
