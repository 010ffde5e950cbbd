"""Reading approval requests."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from config.kernel.approvals import registry
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.rights import check_checker, check_maker, rights_of
from config.kernel.approvals.values import Status, plain
from config.kernel.audit.models import AuditEvent
from config.kernel.due_times import Earliest
from config.kernel.errors import NotPermitted, SaomaError


def may_ask(operator: User, name: str) -> bool:
    """Whether an operator may ask for an action."""
    try:
        check_maker(registry.action_named(name), operator)
    except NotPermitted:
        return False
    return True


def visible_actions(operator: User) -> list[str]:
    """Names of the actions whose requests an operator may read: by any right on them.

    A superuser, who decides on none, may look at all.
    """
    if operator.is_active and operator.is_superuser:
        return [entry.name for entry in registry.actions()]
    rights = rights_of(operator)
    return [
        entry.name
        for entry in registry.actions()
        if rights & {entry.maker_permission, entry.permission, entry.view_permission}
    ]


def visible_to(operator: User) -> QuerySet[ApprovalRequest]:
    """Requests that an operator may read: their own, and those of actions they may see."""
    if operator.is_active and operator.is_superuser:
        return ApprovalRequest.objects.all()
    return ApprovalRequest.objects.filter(
        Q(maker=operator) | Q(action__in=visible_actions(operator))
    )


def waiting_for(operator: User) -> QuerySet[ApprovalRequest]:
    """Requests that this operator may decide now: others' ones, within their rights."""
    rights = rights_of(operator)
    names = [
        entry.name
        for entry in registry.actions()
        if entry.permission in rights and entry.maker_permission not in rights
    ]
    return (
        ApprovalRequest.objects.filter(status=Status.PENDING, action__in=names)
        .exclude(maker=operator)
        .exclude(votes__checker=operator)
    )


def is_checker(operator: User, request: ApprovalRequest) -> bool:
    """Whether an operator has a say in a request, decided already or not."""
    try:
        check_checker(registry.action_named(request.action), request.maker, operator)
    except SaomaError:
        return False
    return True


def may_decide(operator: User, request: ApprovalRequest) -> bool:
    """Whether approve and reject make sense for this operator on this request."""
    return (
        request.status == Status.PENDING
        and not request.votes.filter(checker=operator).exists()
        and is_checker(operator, request)
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


def audit_rows(request: ApprovalRequest) -> QuerySet[AuditEvent]:
    """What the audit log holds of a request: its steps, and what was written with them.

    A step and the deed it leads to are written in one HTTP request, whose id both carry.
    """
    steps = AuditEvent.objects.filter(target=f"approval:{request.id}")
    together = steps.exclude(request_id="").values("request_id")
    return AuditEvent.objects.filter(
        Q(target=f"approval:{request.id}") | Q(request_id__in=together)
    ).order_by("seq")


# When the next waiting request expires.
next_expiry = Earliest(lambda: ApprovalRequest.objects.filter(status=Status.PENDING), "expires_at")


# When the oldest request was decided that is approved and not yet executed. One without a
# moment of decision was approved by nobody; it is looked at at once.
next_unexecuted = Earliest(
    lambda: ApprovalRequest.objects.filter(status=Status.APPROVED),
    Coalesce("decided_at", "requested_at"),
)
