"""Record each read of personal data in the audit log: on lists, in searches, at the desk.

A page view is one row, which names the list, what it was narrowed by and how many rows it
counted; never one row a person. Words that were searched for may be a name or a number, so only
their length is kept. A page of a single row that writes its own look down is left to it.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import ResolverMatch

from config.admin.middleware import model_of
from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.audit import chain

# Tables that tell of nobody; every other one does, a new one too.
TELLS_OF_NOBODY = frozenset(
    {
        "alarms.Alarm",
        "approvals.ApprovalRequest",
        "approvals.ThresholdVersion",
        "audit.AuditEvent",
        "audit.AuditRoot",
        "auth.Group",
        "certificates.Certificate",
        "consents.Certification",
        "faces.FaceTerminal",
        "gateway.Notification",
        "health_decisions.Alarm",
        "health_decisions.DayCount",
        "health_decisions.Laboratory",
        "health_evidence.RiskArea",
        "health_footfall.Dataset",
        "health_footfall.PrivacyAccount",
        "health_passes.RegionAgreement",
        "health_passes.SigningKey",
        "health_passes.TrustedIssuer",
        "health_rules.RuleSetVersion",
        "health_verification.Terminal",
        "health_verification.Venue",
        "health_verification.VenuePolicy",
        "ledger.Checkpoint",
        "ledger.Proof",
        "onboarding.App",
        "onboarding.AppKey",
        "onboarding.GatewayKey",
        "onboarding.Merchant",
        "onboarding.Store",
        "onboarding.Till",
        "payouts.Payout",
        "payouts.PayoutCase",
        "settlement.FeeRule",
        "settlement.ReserveHold",
        "settlement.SettlementBatch",
        "terms.BankAccountChange",
        "terms.CalendarDay",
        "terms.MethodFee",
        "terms.PayoutHold",
        "terms.PayoutTermsVersion",
        "workbench.Equipment",
    }
)
DESK = "health_desk"
SEARCH = "search"
FILTER_CHARACTERS = 64


class LooksMiddleware:
    """Writes a look down once its page has been made, before it is sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; a look that was refused, or failed, showed nothing and leaves no row."""
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or response.status_code != HTTPStatus.OK:
            return response
        # Only the panel's pages have an operator; other doors know callers of other kinds.
        if match.url_name != DESK and "admin" not in match.app_names:
            return response
        if request.user.is_authenticated:
            _write_down(request, match, response)
        return response


def tells_of_people(model: type[Model]) -> bool:
    """Whether a look at a table is a look at somebody's data."""
    return model._meta.label not in TELLS_OF_NOBODY


def narrowed_by(query: QueryDict) -> dict[str, str]:
    """Filters of a list as its address has them; of searched words the length."""
    filters = {}
    for name in query:
        value = str(query.get(name, ""))
        if name == SEARCH_VAR or name == "s":
            filters[name] = f"{len(value)} characters"
        elif name != PAGE_VAR:
            filters[name[:FILTER_CHARACTERS]] = value[:FILTER_CHARACTERS]
    return filters


def _write_down(request: HttpRequest, match: ResolverMatch, response: HttpResponse) -> None:
    name = match.url_name or ""
    if name == DESK:
        _record(request, "health.listed", "desk:health", None)
        return
    if name == SEARCH:
        if request.GET.get("s"):
            _record(request, "panel.searched", "panel:search", None)
        return
    model = model_of(name)
    if model is None or not tells_of_people(model):
        return
    area = "health" if model._meta.app_label.startswith("health_") else "panel"
    if name.endswith("_changelist"):
        _record(request, f"{area}.listed", f"list:{model._meta.label_lower}", _count(response))
    elif name.endswith("_change") and not _writes_itself(model):
        number = str(match.kwargs.get("object_id", ""))
        target = f"{model._meta.label_lower}:{panel.audited_name(model, number)}"
        chain.record(
            action=f"{area}.read",
            actor=_actor(request),
            target=target[:128],
            purpose=panel.AuditedReads.audited_purpose,
        )


def _writes_itself(model: type[Model]) -> bool:
    return isinstance(admin.site.get_model_admin(model), panel.AuditedReads)


def _count(response: HttpResponse) -> int | None:
    """How many rows a list counted; None where the page is no list."""
    context: dict[str, Any] = getattr(response, "context_data", None) or {}
    changelist = context.get("cl")
    return None if changelist is None else int(changelist.result_count)


def _record(request: HttpRequest, action: str, target: str, count: int | None) -> None:
    after: dict[str, object] = {"filters": narrowed_by(request.GET)}
    if count is not None:
        after["count"] = count
    chain.record(
        action=action,
        actor=_actor(request),
        target=target,
        purpose=panel.AuditedReads.audited_purpose,
        after=after,
    )


def _actor(request: HttpRequest) -> str:
    return operator_actor(request.user.get_username())
