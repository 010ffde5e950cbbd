"""set_ceiling: how much one merchant may come to owe, agreed on by two operators."""

import pytest

from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Status
from config.kernel.audit.models import AuditEvent
from merchants.exposure.queries import ceiling_of
from merchants.exposure.rules import CeilingOutOfRange
from merchants.exposure.tasks import SET_CEILING
from merchants.exposure.usecases.set_ceiling import set_ceiling
from merchants.onboarding.models import Merchant
from tests.factories.operators import make_operator
from tests.factories.settlement import make_merchant

pytestmark = pytest.mark.django_db
REASON = "a chain with twenty shops and a guarantee"


def asked(merchant: Merchant, ceiling_minor: int | None) -> ApprovalRequest:
    """One operator asks for a ceiling."""
    return request_approval(
        action=SET_CEILING,
        parameters={"merchant_id": str(merchant.id), "ceiling_minor": ceiling_minor},
        reason=REASON,
        maker=make_operator(f"mia{ceiling_minor}", "approvals.ask_merchants_set_ceiling"),
    )


def test_two_operators_set_it_and_take_it_back() -> None:
    merchant = make_merchant()
    for ceiling_minor, holds in ((50_00, 50_00), (None, 0)):
        request = asked(merchant, ceiling_minor)
        checker = make_operator(f"carl{ceiling_minor}", "approvals.approve_merchants_set_ceiling")
        assert approve_request(request_id=request.id, checker=checker).status == Status.EXECUTED
        merchant.refresh_from_db()
        assert (merchant.credit_minor, ceiling_of(merchant)) == (ceiling_minor, holds)


def test_the_same_again_changes_nothing() -> None:
    merchant = make_merchant()
    for _ in range(2):
        set_ceiling(merchant_id=merchant.id, ceiling_minor=50_00, actor="operator:carl")
    assert AuditEvent.objects.filter(action="merchant.ceiling_set").count() == 1


def test_a_ceiling_out_of_range_is_refused_when_it_is_asked_for() -> None:
    merchant = make_merchant()
    with pytest.raises(CeilingOutOfRange):
        set_ceiling(merchant_id=merchant.id, ceiling_minor=-1, actor="operator:carl")
    assert Merchant.objects.get(id=merchant.id).credit_minor is None
