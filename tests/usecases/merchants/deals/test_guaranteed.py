"""Guaranteed trade: paid, shipped, delivered, confirmed by the buyer or by time."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.acceptance.usecases.refund import refund_trade
from merchants.deals import rules
from merchants.deals.models import Deal, ParcelEvent
from merchants.deals.usecases.refund_deal import answer_request, ask_refund
from merchants.deals.usecases.track_parcel import ParcelWord, receive_event, ship
from merchants.deals.values import DealParty, DealState, ParcelState, RequestState
from merchants.escrow.usecases.release_escrow import release_escrow
from tests.factories.accounts import available_minor
from tests.factories.deals import move, offer, pass_time, take
from tests.factories.settlement import books, make_merchant, make_payer, noon
from tests.factories.splits import seller_of
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments import queries as payments
from wallet.public import balance

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BUYER, SELLER = DealParty.BUYER, DealParty.SELLER
STATES = ParcelState


class World:
    """A shop, a carrier, a buyer with 299.00 in a guaranteed trade."""

    def __init__(self, **more: Any) -> None:
        noon()
        self.shop, self.carrier, self.buyer = make_merchant(), make_merchant(), make_payer(1_000_00)
        self.deal = take(offer(self.shop, **more), self.buyer)

    def ship(self) -> Deal:
        """Send the goods as parcel P1."""
        self.deal = ship(deal_id=self.deal.id, carrier_id=self.carrier.merchant_number, number="P1")
        return self.deal

    def hear(self, event_no: str, state: ParcelState, *, hours_ago: int = 0, proof: str = "",
             number: str = "P1") -> ParcelEvent:  # fmt: skip
        """Let the carrier say something."""
        word = ParcelWord(
            event_no=event_no,
            number=number,
            state=state,
            occurred_at=clock.now() - timedelta(hours=hours_ago),
            proof=proof,
        )
        return receive_event(carrier_id=self.carrier.id, word=word)

    @property
    def now(self) -> Deal:
        """The deal as it stands."""
        return Deal.objects.get(id=self.deal.id)

    def money(self) -> tuple[int, int, int]:
        """What the buyer has, what the shop sold, what waits."""
        stage = self.now.payments.get()
        held = payments.payment(stage.payment_id).payee_account_id
        return available_minor(self.buyer), books(self.shop)[0], balance(held).available_minor


def _is_due_in(world: World, span: timedelta) -> bool:
    due = world.now.due_at
    return due is not None and _is_about(due - clock.now(), span)


def _is_about(left: timedelta | None, span: timedelta) -> bool:
    """The clock runs while a test does."""
    return left is not None and abs(left - span) < timedelta(seconds=30)


def test_a_part_is_given_back_on_day_five_and_the_rest_confirmed() -> None:
    world = World()
    world.ship()
    world.hear("E1", STATES.DELIVERED)
    pass_time(days=5)
    request = ask_refund(deal_id=world.deal.id, amount_minor=100_00, reason="scuffed")
    assert world.now.due_at is None
    assert _is_about(world.now.remaining, timedelta(days=5))
    pass_time(days=1)
    answer_request(request_id=request.id, answer="agree", by=SELLER)
    assert world.money() == (801_00, 0, 199_00)
    assert _is_due_in(world, timedelta(days=5))
    move(world.deal, "confirm", BUYER)
    assert world.money() == (801_00, 199_00, 0)
    assert world.now.state == DealState.TRADE_FINISHED
    assert verify_ledger().passed


def test_nobody_acts_and_the_money_goes_exactly_on_day_ten() -> None:
    world = World()
    world.ship()
    world.hear("E1", STATES.DELIVERED)
    pass_time(days=10, seconds=-60)
    assert world.money() == (701_00, 0, 299_00)
    pass_time(seconds=60)
    assert world.money() == (701_00, 299_00, 0)
    assert world.now.timeline.last().move == "confirm_in_time"  # type: ignore[union-attr]


def test_what_is_not_shipped_in_time_is_given_back() -> None:
    world = World()
    pass_time(days=3)
    assert world.money() == (1_000_00, 0, 0)
    assert world.now.state == DealState.TRADE_CLOSED


def test_only_the_buyer_confirms_and_only_what_was_shipped() -> None:
    world = World()
    with pytest.raises(rules.DealStateForbids):
        move(world.deal, "confirm", BUYER)
    world.ship()
    with pytest.raises(rules.DealNotYours):
        move(world.deal, "confirm", SELLER)
    with pytest.raises(rules.DealNotYours):
        move(world.deal, "confirm_in_time", BUYER)
    other = take(offer(world.shop), world.buyer)
    with pytest.raises(rules.ParcelTaken):
        ship(deal_id=other.id, carrier_id=world.carrier.merchant_number, number="P1")
    assert ship(deal_id=world.deal.id, carrier_id=world.carrier.merchant_number, number="P1")


def test_events_count_in_the_order_in_which_they_occurred_and_never_move_money() -> None:
    world = World(delivered_plus_s=2 * 86_400)
    assert world.hear("E0", STATES.PICKED_UP, hours_ago=1).parcel is None
    world.ship()
    assert ParcelEvent.objects.get(event_no="E0").parcel is not None
    word = world.hear("E2", STATES.DELIVERED)
    world.hear("E1", STATES.IN_TRANSIT, hours_ago=1)
    assert world.now.parcel.state == STATES.DELIVERED
    assert _is_due_in(world, timedelta(days=2))
    assert world.money() == (701_00, 0, 299_00)
    again = ParcelWord(
        event_no="E2", number="P1", state=STATES.DELIVERED, occurred_at=word.occurred_at
    )
    assert receive_event(carrier_id=world.carrier.id, word=again).id == word.id
    with pytest.raises(rules.EventConflict):
        world.hear("E2", STATES.LOST)
    with pytest.raises(rules.EventInvalid):
        world.hear("E9", STATES.DELIVERED, hours_ago=-1)


def test_a_late_word_of_a_delivery_leaves_the_buyer_a_day() -> None:
    world = World(delivered_plus_s=86_400)
    world.ship()
    pass_time(days=4)
    world.hear("E1", STATES.DELIVERED, hours_ago=90)
    assert _is_due_in(world, rules.LEAST_LEFT)


def test_a_parcel_for_a_code_is_delivered_against_the_code_alone() -> None:
    world = World(pickup=True, delivered_plus_s=86_400)
    world.ship()
    with pytest.raises(rules.ProofWrong):
        world.hear("E1", STATES.DELIVERED, proof="00000000x")
    event = world.hear("E1", STATES.DELIVERED, proof=world.deal.code)
    assert event.proof == "code shown"
    assert _is_due_in(world, timedelta(days=1))


def test_a_delivery_told_before_the_shipment_counts_with_the_code_alone() -> None:
    world = World(pickup=True, delivered_plus_s=86_400)
    world.hear("E1", STATES.DELIVERED, proof="00000000x")
    world.hear("E2", STATES.DELIVERED, proof=world.deal.code, number="P1")
    world.ship()
    without, with_code = (ParcelEvent.objects.get(event_no=no) for no in ("E1", "E2"))
    assert without.parcel is None
    assert with_code.parcel is not None
    assert with_code.proof == "code shown"
    assert _is_due_in(world, timedelta(days=1))


def test_a_refund_with_return_goes_through_the_goods() -> None:
    world = World()
    world.ship()
    request = ask_refund(deal_id=world.deal.id, amount_minor=299_00, reason="small", returns=True)
    with pytest.raises(rules.RefundOpen):
        move(world.deal, "confirm", BUYER)
    for answer, by in (("agree", SELLER), ("return", BUYER), ("receive", SELLER)):
        answer_request(request_id=request.id, answer=answer, by=by)
    request.refresh_from_db()
    assert request.state == RequestState.REFUNDED
    assert (world.now.state, world.money()) == (DealState.TRADE_CLOSED, (1_000_00, 0, 0))
    assert answer_request(request_id=request.id, answer="receive", by=SELLER).ended_at


def test_silence_is_an_answer_to_a_refund_request() -> None:
    world = World()
    world.ship()
    ask_refund(deal_id=world.deal.id, amount_minor=50_00, reason="late")
    pass_time(days=5)
    assert world.money() == (751_00, 0, 249_00)


def test_the_seller_extends_and_the_gateway_confirms() -> None:
    world = World()
    world.ship()
    due = world.now.due_at
    move(world.deal, "extend", SELLER, days=3)
    assert due is not None
    assert world.now.due_at == due + timedelta(days=3)
    release_escrow(payment_id=world.now.payments.get().payment_id, request_no="G1")
    relay.drain()
    assert (world.now.state, world.money()[1]) == (DealState.TRADE_FINISHED, 299_00)


def test_a_refund_at_the_gateway_closes_the_deal() -> None:
    world = World()
    trade = payments.payment(world.now.payments.get().payment_id)
    refund_trade(
        seller=seller_of(world.shop), amount_minor=299_00, number=trade.number, request_no="R1"
    )
    relay.drain()
    assert world.now.state == DealState.TRADE_CLOSED
