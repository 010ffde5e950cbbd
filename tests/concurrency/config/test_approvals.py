"""Many clicks at once on one request carry it out once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest, ApprovalVote
from config.kernel.approvals.values import Status
from config.kernel.audit.models import AuditEvent
from tests.factories.approvals import Desk

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 6


def test_double_clicks_of_two_checkers_execute_once() -> None:
    desk = Desk()
    request = desk.ask()

    def click(number: int) -> str:
        try:
            checker = (desk.carl, desk.cleo)[number % 2]
            return approve_request(request_id=request.id, checker=checker).status
        except Exception as error:  # a late checker may be told that it is decided
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as pool:
        seen = set(pool.map(click, range(CLICKS)))
    assert seen <= {Status.EXECUTED, Status.APPROVED, "RequestNotPending"}
    assert ApprovalRequest.objects.get().status == Status.EXECUTED
    assert ApprovalVote.objects.count() == 1
    assert AuditEvent.objects.filter(action="approval.executed").count() == 1
