"""Whether a request still looks at the world its maker saw."""

from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.registry import Action
from config.kernel.approvals.values import fingerprint
from config.kernel.errors import NotFound


def state_changed(action: Action, request: ApprovalRequest) -> bool:
    """Compare the target's present state with the one the request was made on.

    A target that is gone has changed.
    """
    try:
        present = action.state(request.parameters)
    except NotFound:
        return True
    return fingerprint(present) != request.state_hash
