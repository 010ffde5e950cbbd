"""Whatever is done with deals in whatever order, no money appears or is lost."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.kernel import clock
from config.kernel.errors import SaomaError
from config.kernel.outbox import relay
from merchants.deals.models import Deal, Offer
from merchants.deals.policies import POLICIES
from merchants.deals.usecases.move_deal import move_deal
from merchants.deals.usecases.move_due import decide_lot, move_due
from merchants.deals.usecases.move_money import held_for
from merchants.deals.usecases.refund_deal import answer_request, ask_refund, refund_deal
from merchants.deals.usecases.take_offer import pay_balance
from merchants.deals.usecases.track_parcel import ship
from merchants.deals.usecases.unlock import redeem_entitlement
from merchants.deals.values import DealParty, DealState, PolicyName
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import open_balance
from merchants.terms.usecases.hold_payouts import hold_payouts
from tests.factories.accounts import available_minor
from tests.factories.clock import advance
from tests.factories.deals import offer, pay, take
from tests.factories.settlement import books, make_merchant, make_payer, noon
from wallet.accounts.models import WalletUser
from wallet.ledger.queries import trial_balance
from wallet.public import balance

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MONEY = 100_00
NAMES = sorted({move.name for policy in POLICIES.values() for move in policy.moves})
ANSWERS = ["agree", "refuse", "withdraw", "return", "receive", "arbitrate"]
steps = st.lists(
    st.tuples(
        st.sampled_from(["move"] * 4 + ["ship", "ask", "answer", "back", "use", "balance", "wait"]),
        st.sampled_from(NAMES),
        st.sampled_from([DealParty.BUYER, DealParty.SELLER]),
        st.sampled_from(ANSWERS),
        st.integers(1, 60_00),
    ),
    min_size=3,
    max_size=12,
)


class World:
    """A shop, a partner, a buyer, and one deal under a policy."""

    def __init__(self, policy: PolicyName) -> None:
        noon()
        # A settled day keeps its money in our books: no fee, no payout.
        self.shop: Merchant = make_merchant(fee_bps=0)
        hold_payouts(merchant_uuid=self.shop.id, reason="counted whole", actor="system:test")
        self.partner: Merchant = make_merchant()
        self.buyer: WalletUser = make_payer(MONEY)
        self.offer: Offer = offer(self.shop, policy, 60_00, **self.terms(policy))
        self.deal: Deal = take(self.offer, self.buyer)

    def terms(self, policy: PolicyName) -> dict[str, object]:
        """What each policy wants of an offer."""
        opens, closes = (clock.now() + timedelta(days=days) for days in (1, 2))
        dates = {DealState.DEPOSIT_PAID: opens, DealState.BALANCE_DUE: closes}
        share = {"partner": self.partner.merchant_id, "name": "x", "uses": 6, "amount_minor": 10_00}
        if policy is PolicyName.STAGED:
            moments = {state: moment.isoformat() for state, moment in dates.items()}
            return {"deposit_minor": 15_00, "minimum": 1, "dates": moments}
        if policy is PolicyName.TICKET:
            return {"dates": {DealState.ISSUED: closes.isoformat()}, "capacity": 1}
        return {"shares": [share]} if policy is PolicyName.BUNDLE else {}

    def do(self, verb: str, name: str, by: DealParty, answer: str, amount: int) -> None:
        """Try something; a refusal is an outcome."""
        deal = Deal.objects.get(id=self.deal.id)
        if verb == "move":
            move_deal(deal_id=deal.id, name=name, by=by, code=deal.code, days=1)
        elif verb == "ship":
            ship(deal_id=deal.id, carrier_id=self.partner.merchant_id, number="P1")
        elif verb == "ask":
            ask_refund(deal_id=deal.id, amount_minor=amount, reason="x", returns=amount % 2 == 0)
        elif verb == "answer":
            request = deal.refund_requests.filter(ended_at__isnull=True).first()
            if request is not None:
                answer_request(request_id=request.id, answer=answer, by=by)
        elif verb == "back":
            refund_deal(deal_id=deal.id, amount_minor=amount, request_no=f"R{amount}")
        elif verb == "use" and deal.entitlements.exists():
            row = deal.entitlements.get()
            redeem_entitlement(
                entitlement_id=row.id, owner_id=self.partner.owner_id, request_no=f"U{amount}"
            )
        elif verb == "balance":
            pay_balance(deal_id=deal.id)
            pay(deal, "balance")
        elif verb == "wait":
            advance(seconds=amount * 40)
            move_due(now=clock.now())

    def total(self) -> int:
        """All that the buyer brought, wherever it is now."""
        deal = Deal.objects.get(id=self.deal.id)
        partner = balance(open_balance(self.partner)).posted_minor
        pending, payable, receivable = books(self.shop)
        shop = pending + payable - receivable
        return available_minor(self.buyer) + shop + partner + held_for(deal)


@pytest.mark.parametrize("policy", list(PolicyName))
@given(program=steps, cancels=st.booleans())
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_program_of_moves_makes_or_loses_money(
    policy: PolicyName, program: list[tuple[str, str, DealParty, str, int]], cancels: bool
) -> None:
    world = World(policy)
    for step in program:
        with contextlib.suppress(SaomaError):
            world.do(*step)
        relay.drain()
        assert world.total() == MONEY
        assert set(trial_balance().values()) <= {0}
    if cancels and world.offer.minimum:
        decide_lot(offer_id=world.offer.id, cancel=True)
        move_due(now=clock.now())
        assert world.total() == MONEY
    deal = Deal.objects.get(id=world.deal.id)
    assert deal.ended_at is None or held_for(deal) == 0
