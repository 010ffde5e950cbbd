"""Versions of requests' targets: an approval acts on the state that its maker saw.

Values alone do not tell that something was changed and changed back. Each use case that
changes a target of requests calls `moved` first in its transaction; requests made before
are stale from then on, whatever the target looks like by the time they are voted on.
"""

from django.db.models import F

from config.kernel import transactions
from config.kernel.approvals.models import ApprovalRequest, TargetVersion
from config.kernel.approvals.steps import move_on
from config.kernel.approvals.values import Status
from config.kernel.claims import claim

MOST_OPEN = 100


def locked_version(target: str) -> int:
    """The version, held still for this transaction.

    Locks: the target's version; changes of the target wait.
    """
    transactions.require()
    TargetVersion.objects.get_or_create(target=target)
    return TargetVersion.objects.select_for_update().get(target=target).version


@transactions.atomic_retry
def moved(target: str, *, actor: str) -> int:
    """Count a change of a target, and end the requests that wait on its former state.

    A request in somebody's hands at this moment is passed over: it finds the new version
    when it is voted on or executed.

    Args:
        target: `kind:id`, as the actions' targets say it.
        actor: who changes it, for the audit log.

    Returns:
        How many open requests became STALE.

    Locks: the target's version; call it before the target itself is locked.
    """
    locked_version(target)
    TargetVersion.objects.filter(target=target).update(version=F("version") + 1)
    open_requests = ApprovalRequest.objects.filter(target=target, status=Status.PENDING)
    requests = claim(open_requests.order_by("id"), MOST_OPEN)
    for request in requests:
        move_on(request, Status.STALE, actor=actor, purpose="the target has changed")
    return len(requests)
