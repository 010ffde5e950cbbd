"""Subjects and guardianships in the operators' panel: pseudonyms, and names as hints."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_page, operator_of, step_page
from config.kernel.approvals.queries import may_ask
from healthcode.subjects import queries
from healthcode.subjects.models import Device, Guardianship, Subject
from healthcode.subjects.tasks import APPROVE, state_of_guardianship
from healthcode.subjects.usecases.decide_guardianship import close_guardianship
from healthcode.subjects.usecases.register_device import revoke_device
from healthcode.subjects.values import OPEN_STATES, GuardianshipState

MAY_REVOKE = "health_subjects.change_device"
MAY_CLOSE = "health_subjects.change_guardianship"


class DeviceInline(panel.ReadOnlyInline):
    """The subject's phones."""

    model = Device
    fk_name = "subject"
    fields = ("label", "held_by", "created_at", "revoked_at")
    readonly_fields = fields
    ordering = ("id",)


class GuardianInline(panel.ReadOnlyInline):
    """Who acts for the subject."""

    model = Guardianship
    fk_name = "dependent"
    verbose_name_plural = "guardians"
    fields = ("guardian", "relation", "state", "valid_until")
    readonly_fields = fields
    ordering = ("id",)


@admin.register(Subject)
class SubjectAdmin(panel.AuditedReads, panel.ReadOnly):
    """Whom codes are about, without names. Opening one is written down in the audit log."""

    audited_action = "health.read"
    audited_purpose = "subject's page"
    list_display = ("id", "region", "birth_year", "state_label", "created_at")
    list_filter = ("state", "region")
    search_fields = ("=id",)
    search_help_text = "Id of the subject"
    fields = ("region", "birth_year", "state_label", "created_at", "erased_at")
    readonly_fields = ("state_label",)
    inlines = (DeviceInline, GuardianInline)
    actions_detail = ("lost_phone",)

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, row: Subject) -> str:
        """The state as a label."""
        return str(row.state)

    def has_revoke_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may take a lost phone out of force."""
        return bool(object_id) and request.user.has_perm(MAY_REVOKE)

    @action(description="Lost phone", permissions=["revoke"], icon="phonelink_erase")
    def lost_phone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Revoke the subject's own phones; their passes follow."""
        own = Device.objects.filter(
            subject_id=object_id, held_by__isnull=True, revoked_at__isnull=True
        )

        def run(form: Any) -> str:
            actor = operator_actor(operator_of(request).get_username())
            for device_id in list(own.values_list("id", flat=True)):
                revoke_device(subject_id=UUID(object_id), device_id=device_id, actor=actor)
            messages.success(request, "Revoked. The passes on them follow at once.")
            return _page("subject", object_id)

        return step_page(
            request,
            title="Revoke lost phones",
            button="Revoke",
            form=ReasonForm(request.POST or None),
            facts={"Phones in force": lambda _: {"number": own.count()}},
            parameters={},
            back=_page("subject", object_id),
            run=run,
        )


@admin.register(Guardianship)
class GuardianshipAdmin(panel.AuditedReads, panel.Viewed):
    """Who acts for whom: one operator proposes, another grants."""

    audited_action = "health.read"
    audited_purpose = "guardianship's page"
    list_display = ("people", "relation", "proof", "state_label", "created_at", "valid_until")
    list_filter = ("state", "relation", "proof")
    search_fields = ("=id", "=guardian__id", "=dependent__id")
    list_select_related = ("guardian", "dependent")
    ordering = ("-id",)
    fields = (
        "people", "guardian", "dependent", "relation", "proof", "proof_number", "state_label",
        "created_at", "due_at", "valid_until", "proposed_by", "approved_by", "closed_at",
        "closed_by",
    )  # fmt: skip
    readonly_fields = ("people", "state_label", "proof_number")
    actions_detail = ("propose", "refuse", "end")

    @display(description="guardian and dependent")
    def people(self, row: Guardianship) -> str:
        """Both names, as hints."""
        guardian, dependent = queries.name_hints(row)
        return f"{guardian or '?'} for {dependent or '?'}"

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, row: Guardianship) -> str:
        """The state as a coloured label."""
        return str(row.state)

    @display(description="number of the proof")
    def proof_number(self, row: Guardianship) -> str:
        """To compare with the paper; gone once it is decided."""
        claim = queries.claim_of(row)
        return claim[1] if claim else "-"

    def has_decide_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may refuse, while there is something to decide."""
        requests = Guardianship.objects.filter(state=GuardianshipState.REQUESTED)
        return self._offered(request, object_id, requests)

    def has_end_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may end one that is in force or waits for a word."""
        granted = Guardianship.objects.filter(state__in=OPEN_STATES[1:])
        return self._offered(request, object_id, granted)

    def _offered(self, request: HttpRequest, object_id: str | None, rows: Any) -> bool:
        if object_id is None or not request.user.has_perm(MAY_CLOSE):
            return False
        return bool(rows.filter(id=object_id).exists())

    def has_propose_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may propose, while there is something to decide."""
        if object_id is None or not may_ask(operator_of(request), APPROVE):
            return False
        requested = Guardianship.objects.filter(state=GuardianshipState.REQUESTED)
        return bool(requested.filter(id=object_id).exists())

    @action(description="Propose to grant", permissions=["propose"], icon="how_to_reg")
    def propose(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask a second operator to grant it."""
        return ask_page(
            request,
            action=APPROVE,
            parameters={"guardianship": object_id},
            back=_page("guardianship", object_id),
        )

    @action(description="Refuse", permissions=["decide"], icon="block")
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Refuse: that gives nobody any power, so one operator will do."""
        return self._close(request, object_id, GuardianshipState.REFUSED, "Refuse a guardianship")

    @action(description="End", permissions=["end"], icon="link_off")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End: that takes power away, so one operator will do."""
        return self._close(request, object_id, GuardianshipState.ENDED, "End a guardianship")

    def _close(
        self, request: HttpRequest, object_id: str, state: GuardianshipState, title: str
    ) -> HttpResponse:
        def run(form: Any) -> str:
            close_guardianship(
                guardianship_id=UUID(object_id),
                state=state,
                actor=operator_actor(operator_of(request).get_username()),
                purpose=form.cleaned_data["reason"],
            )
            messages.success(request, "Done. Both sides are told.")
            return _page("guardianship", object_id)

        return step_page(
            request,
            title=title,
            button=title.split(maxsplit=1)[0],
            form=ReasonForm(request.POST or None),
            facts={"State now": state_of_guardianship},
            parameters={"guardianship": object_id},
            back=_page("guardianship", object_id),
            run=run,
        )


def _page(name: str, object_id: str) -> str:
    return reverse(f"admin:health_subjects_{name}_change", args=[object_id])
