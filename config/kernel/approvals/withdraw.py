"""Withdraw an approval request."""

import uuid

from django.contrib.auth.models import User

from config.kernel import transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals import rules
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.steps import locked_request, move_on
from config.kernel.approvals.values import Status


@transactions.atomic_retry
def withdraw_request(*, request_id: uuid.UUID, maker: User) -> ApprovalRequest:
    """End one's own request. Withdrawing again returns it unchanged.

    Raises:
        RequestUnknown: there is no such request.
        rules.NotTheMaker: somebody else asked for it.
        rules.RequestNotPending: it has been decided.

    Locks: the request.
    """
    request = locked_request(request_id)
    if request.maker_id != maker.pk:
        raise rules.NotTheMaker()
    if request.status == Status.WITHDRAWN:
        return request
    rules.check_pending(request.status)
    move_on(request, Status.WITHDRAWN, actor=operator_actor(maker.get_username()))
    return request
