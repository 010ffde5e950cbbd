"""A refund that the seller refuses: two operators decide, and the timer goes on or not."""

import pytest

from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from merchants.deals.arbitration import ARBITRATE
from merchants.deals.models import Deal
from merchants.deals.usecases.refund_deal import answer_request, ask_refund
from merchants.deals.values import DealParty, RequestState
from tests.factories.accounts import available_minor
from tests.factories.deals import offer, take
from tests.factories.operators import make_checker, make_maker
from tests.factories.settlement import make_merchant, make_payer, noon

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("for_buyer", [True, False])
def test_two_operators_decide_what_the_sides_cannot(for_buyer: bool) -> None:
    noon()
    buyer = make_payer(300_00)
    deal = take(offer(make_merchant()), buyer)
    request = ask_refund(deal_id=deal.id, amount_minor=100_00, reason="scuffed")
    answer_request(request_id=request.id, answer="refuse", by=DealParty.SELLER)
    answer_request(request_id=request.id, answer="arbitrate", by=DealParty.BUYER)
    approval = request_approval(
        action=ARBITRATE,
        parameters={"request": str(request.id), "for_buyer": for_buyer},
        reason="photographs of both sides were compared",
        maker=make_maker("mia", ARBITRATE),
    )
    approve_request(request_id=approval.id, checker=make_checker("carl", ARBITRATE))
    request.refresh_from_db()
    row = Deal.objects.get(id=deal.id)
    assert request.state == (RequestState.REFUNDED if for_buyer else RequestState.DISMISSED)
    assert available_minor(buyer) == (101_00 if for_buyer else 1_00)
    assert (row.due_at is None, row.remaining) == (False, None)
