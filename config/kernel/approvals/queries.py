"""Reading approval requests."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet

from config.kernel.approvals import registry
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.values import Status, plain
from config.kernel.errors import SaomaError


def waiting_for(operator: User) -> QuerySet[ApprovalRequest]:
    """Requests that this operator may decide now: others' ones, within their permissions."""
    names = [entry.name for entry in registry.actions() if operator.has_perm(entry.permission)]
    return (
        ApprovalRequest.objects.filter(status=Status.PENDING, action__in=names)
        .exclude(maker=operator)
        .exclude(votes__checker=operator)
    )


def may_decide(operator: User, request: ApprovalRequest) -> bool:
    """Whether approve and reject make sense for this operator on this request."""
    try:
        action = registry.action_named(request.action)
    except registry.UnknownAction:
        return False
    return (
        request.status == Status.PENDING
        and request.maker_id != operator.pk
        and operator.has_perm(action.permission)
    )


def changed_since(request: ApprovalRequest) -> dict[str, tuple[object, object]]:
    """What differs between the state the maker saw and the present one, by label.

    A target that cannot be read any more shows as a single difference.
    """
    try:
        present = plain(registry.action_named(request.action).state(request.parameters))
    except SaomaError as error:
        return {"target": ("there", str(error))}
    labels = {*request.state, *present}
    return {
        label: (request.state.get(label), present.get(label))
        for label in sorted(labels)
        if request.state.get(label) != present.get(label)
    }


def next_expiry() -> datetime | None:
    """When the next waiting request expires."""
    pending = ApprovalRequest.objects.filter(status=Status.PENDING).order_by("expires_at")
    return pending.values_list("expires_at", flat=True).first()


def next_unexecuted() -> datetime | None:
    """When the oldest request was decided that is approved and not yet executed."""
    approved = ApprovalRequest.objects.filter(status=Status.APPROVED).order_by("decided_at")
    return approved.values_list("decided_at", flat=True).first()
