"""Whatever is done with deals in whatever order, no money appears or is lost."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.kernel import clock
from config.kernel.errors import SaomaError
from config.kernel.outbox import relay
from merchants.deals.models import Deal, Offer
from merchants.deals.usecases.move_due import decide_lot, move_due
from merchants.deals.usecases.move_money import held_for
from merchants.deals.values import DealParty, PolicyName
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import open_balance
from merchants.terms.usecases.hold_payouts import hold_payouts
from tests.factories.accounts import available_minor
from tests.factories.clock import advance
from tests.factories.deals import take
from tests.factories.settlement import books, make_merchant, make_payer, noon
from tests.properties.programs.deal_acts import ANSWERS, MOVES, VERBS, act, publish
from wallet.accounts.models import WalletUser
from wallet.ledger.queries import trial_balance
from wallet.public import balance

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MONEY = 100_00
steps = st.lists(
    st.tuples(
        st.sampled_from([*VERBS, "wait"]),
        st.sampled_from(MOVES),
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
        hold_payouts(merchant_id=self.shop.id, reason="counted whole", actor="system:test")
        self.partner: Merchant = make_merchant()
        self.buyer: WalletUser = make_payer(MONEY)
        self.offer: Offer = publish(self.shop, self.partner, policy)
        self.deal: Deal = take(self.offer, self.buyer)

    def do(self, verb: str, name: str, by: DealParty, answer: str, amount: int) -> None:
        """Try something, or let time pass; a refusal is an outcome."""
        if verb == "wait":
            advance(seconds=amount * 40)
            move_due(now=clock.now())
            return
        deal = Deal.objects.get(id=self.deal.id)
        act(deal, self.partner, verb, name, by, answer, amount)

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
