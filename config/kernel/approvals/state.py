"""Whether a request is stale: its target has changed since it was made."""

from config.kernel.approvals import targets
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.registry import Action
from config.kernel.approvals.values import fingerprint
from config.kernel.errors import NotFound


def state_changed(action: Action, request: ApprovalRequest) -> bool:
    """Compare the target's version and present state with those the request was made on.

    A target that is gone has changed. One that was changed and changed back has, too.

    Locks: the target's version, until the caller's transaction ends.
    """
    if targets.locked_version(request.target) != request.target_version:
        return True
    try:
        present = action.state(request.parameters)
    except NotFound:
        return True
    return fingerprint(present) != request.state_hash
