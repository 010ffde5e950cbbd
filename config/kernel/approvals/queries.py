"""Reading approval requests."""

from datetime import datetime

from django.contrib.auth.models import Permission, User
from django.db.models import Q, QuerySet

from config.kernel.approvals import registry
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.values import Status, plain
from config.kernel.errors import SaomaError


def holds(operator: User, permission: str, *, by_role: bool) -> bool:
    """Whether an operator may do something; with `by_role`, because a role says so.

    Superusers may do everything else, so the panel can be run; not what needs a role.
    """
    if not operator.is_active:
        return False
    if not by_role:
        return operator.has_perm(permission)
    app, _, codename = permission.partition(".")
    given = Q(user=operator) | Q(group__user=operator)
    return Permission.objects.filter(given, content_type__app_label=app, codename=codename).exists()


def may_ask(operator: User, name: str) -> bool:
    """Whether an operator may ask for an action."""
    entry = registry.action_named(name)
    if entry.maker_permission is None:
        return operator.is_active
    return holds(operator, entry.maker_permission, by_role=entry.by_role)


def waiting_for(operator: User) -> QuerySet[ApprovalRequest]:
    """Requests that this operator may decide now: others' ones, within their permissions."""
    names = [
        entry.name
        for entry in registry.actions()
        if holds(operator, entry.permission, by_role=entry.by_role)
    ]
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
        and holds(operator, action.permission, by_role=action.by_role)
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
