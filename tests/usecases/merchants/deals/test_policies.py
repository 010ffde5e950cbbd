"""Services, stages, tickets, bundles and splits: other policies of the same engine."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.deals import rules
from merchants.deals.models import Deal, Offer
from merchants.deals.usecases.move_due import decide_lot
from merchants.deals.usecases.refund_deal import refund_deal
from merchants.deals.usecases.take_offer import pay_balance, take_offer
from merchants.deals.usecases.unlock import issue_prescription, redeem_entitlement
from merchants.deals.values import DealParty, DealState, LotState, PolicyName
from merchants.onboarding.usecases.open_balance import open_balance
from tests.factories.accounts import available_minor
from tests.factories.deals import move, offer, pass_time, pay, take
from tests.factories.settlement import books, make_merchant, make_payer, noon
from tests.factories.splits import bind
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.public import RefundConflict, balance

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BUYER, SELLER = DealParty.BUYER, DealParty.SELLER
STATE = DealState


def test_a_service_is_accepted_in_ten_minutes_or_given_back() -> None:
    noon()
    clinic, buyer = make_merchant(), make_payer(100_00)
    row = offer(clinic, PolicyName.SERVICE, 18_00)
    first = take(row, buyer)
    pass_time(minutes=10)
    assert Deal.objects.get(id=first.id).state == STATE.EXPIRED
    assert available_minor(buyer) == 100_00
    second = take(row, buyer, reference="D2")
    move(second, "accept", SELLER)
    with pytest.raises(rules.DealStateForbids):
        move(second, "cancel", BUYER)
    pass_time(hours=24)
    assert Deal.objects.get(id=second.id).state == STATE.EXPIRED
    third = take(row, buyer, reference="D3")
    move(third, "accept", SELLER)
    move(third, "complete", SELLER)
    assert (available_minor(buyer), books(clinic)[0]) == (82_00, 18_00)


def test_a_free_service_unlocks_one_order_and_posts_nothing() -> None:
    noon()
    clinic, buyer = make_merchant(), make_payer(100_00)
    free = take(offer(clinic, PolicyName.SERVICE, 0), buyer)
    with pytest.raises(rules.DealStateForbids):
        issue_prescription(deal_id=free.id, number="RX", valid_days=1)
    move(free, "accept", SELLER)
    move(free, "complete", SELLER)
    assert not free.payments.exists()
    row = issue_prescription(deal_id=free.id, number="RX", valid_days=1)
    assert issue_prescription(deal_id=free.id, number="RX", valid_days=1).id == row.id
    medicine = offer(clinic, price=20_00, needs_prescription=True)
    order: dict[str, Any] = {"offer_id": medicine.id, "buyer_id": buyer.id}
    with pytest.raises(rules.PrescriptionInvalid):
        take_offer(**order, reference="A")
    assert take_offer(**order, reference="B", prescription_id=row.id).id
    with pytest.raises(rules.PrescriptionInvalid):
        take_offer(**order, reference="C", prescription_id=row.id)


def presale(minimum: int) -> Offer:
    """A lot at 100.00, 20.00 of it deposit, balance in the second day."""
    opens, closes = clock.now() + timedelta(days=1), clock.now() + timedelta(days=2)
    return offer(
        make_merchant(),
        PolicyName.STAGED,
        100_00,
        deposit_minor=20_00,
        minimum=minimum,
        dates={STATE.DEPOSIT_PAID: opens.isoformat(), STATE.BALANCE_DUE: closes.isoformat()},
    )


@pytest.mark.parametrize("minimum", [2, 3])
def test_a_lot_is_produced_with_its_minimum_or_everybody_is_whole(minimum: int) -> None:
    noon()
    row, buyers = presale(minimum), [make_payer(100_00) for _ in range(3)]
    deals = [take(row, buyer) for buyer in buyers]
    with pytest.raises(rules.DealStateForbids):
        pay_balance(deal_id=deals[0].id)
    pass_time(days=1)
    for deal in deals[:2]:
        pay_balance(deal_id=deal.id)
        pay(deal, "balance")
    pay_balance(deal_id=deals[2].id)
    pass_time(days=1)
    with pytest.raises(rules.TooLate):
        pay_balance(deal_id=take_third(row, deals[2]).id)
    states = [Deal.objects.get(id=deal.id).state for deal in deals]
    money = [available_minor(buyer) for buyer in buyers]
    if minimum == 2:
        assert states == [STATE.PRODUCED, STATE.PRODUCED, STATE.FORFEITED]
        assert (money, books(row.merchant)[0]) == ([0, 0, 80_00], 20_00)
    else:
        assert states == [STATE.LOT_CANCELLED] * 3
        assert (money, books(row.merchant)[0]) == ([100_00] * 3, 0)
    assert verify_ledger().passed


def take_third(row: Offer, deal: Deal) -> Deal:
    """A deal that never asked for its balance."""
    deal.payments.filter(stage="balance").delete()
    return deal


def test_who_withdraws_leaves_the_deposit_and_a_seller_who_gives_up_leaves_nothing() -> None:
    noon()
    row, buyer, other = presale(5), make_payer(100_00), make_payer(100_00)
    left, stays = take(row, buyer), take(row, other)
    move(left, "withdraw", BUYER)
    assert (available_minor(buyer), books(row.merchant)[0]) == (80_00, 20_00)
    assert decide_lot(offer_id=row.id, cancel=True).lot_state == LotState.CANCELLED
    pass_time(seconds=1)
    assert Deal.objects.get(id=stays.id).state == STATE.LOT_CANCELLED
    assert available_minor(other) == 100_00
    with pytest.raises(rules.OfferClosed):
        take_offer(offer_id=row.id, buyer_id=buyer.id, reference="late")


def test_a_ticket_holds_a_seat_until_it_is_given_back_and_is_redeemed_once() -> None:
    noon()
    ends = (clock.now() + timedelta(days=1)).isoformat()
    shop, buyer, other = make_merchant(), make_payer(100_00), make_payer(100_00)
    row = offer(shop, PolicyName.TICKET, 17_00, capacity=1, dates={STATE.ISSUED: ends})
    unpaid = take_offer(offer_id=row.id, buyer_id=other.id, reference="A")
    with pytest.raises(rules.SoldOut):
        take_offer(offer_id=row.id, buyer_id=buyer.id, reference="A")
    pass_time(minutes=15)
    assert Deal.objects.get(id=unpaid.id).state == STATE.EXPIRED
    back = take(row, buyer, reference="B")
    move(back, "give_back", BUYER)
    ticket = take(row, buyer, reference="C")
    with pytest.raises(rules.ProofWrong):
        move(ticket, "redeem", SELLER, code="0")
    move(ticket, "redeem", SELLER, code=ticket.code)
    with pytest.raises(rules.DealStateForbids):
        move(ticket, "redeem", SELLER, code=ticket.code)
    with pytest.raises(rules.DealStateForbids):
        move(ticket, "give_back", BUYER)
    assert (available_minor(buyer), books(shop)[0]) == (83_00, 17_00)


def test_a_bundle_gives_each_use_to_its_partner_and_the_rest_back() -> None:
    noon()
    shop, metro, video = make_merchant(), make_merchant(), make_merchant()
    buyer = make_payer(100_00)
    shares = [
        {"partner": metro.merchant_number, "name": "metro", "uses": 10, "amount_minor": 2_00},
        {"partner": video.merchant_number, "name": "video", "uses": 1, "amount_minor": 10_00},
    ]
    deal = take(offer(shop, PolicyName.BUNDLE, 30_00, shares=shares), buyer)
    ride = deal.entitlements.get(name="metro")
    for number in ("M1", "M1", "M2", "M3"):
        redeem_entitlement(entitlement_id=ride.id, owner_id=metro.owner_id, request_no=number)
    film = deal.entitlements.get(name="video")
    redeem_entitlement(entitlement_id=film.id, owner_id=video.owner_id, request_no="V1")
    with pytest.raises(rules.EntitlementUsedUp):
        redeem_entitlement(entitlement_id=film.id, owner_id=video.owner_id, request_no="V2")
    with pytest.raises(rules.EntitlementUnknown):
        redeem_entitlement(entitlement_id=film.id, owner_id=metro.owner_id, request_no="V3")
    pass_time(days=30)
    given = [balance(open_balance(partner)).posted_minor for partner in (metro, video)]
    assert (given, available_minor(buyer)) == ([6_00, 10_00], 84_00)
    assert Deal.objects.get(id=deal.id).state == STATE.ENDED
    assert verify_ledger().passed


def test_a_streamer_earns_at_the_release_and_gives_back_with_a_refund() -> None:
    noon()
    shop, streamer, buyer = make_merchant(), make_payer(0), make_payer(500_00)
    bind(shop, streamer)
    splits = [{"payee": streamer.user_number, "percent": "8"}]
    deal = take(offer(shop, PolicyName.SERVICE, 199_00, splits=splits), buyer)
    move(deal, "accept", SELLER)
    assert available_minor(streamer) == 0
    move(deal, "complete", SELLER)
    assert available_minor(streamer) == 15_92
    for _ in range(2):
        refund_deal(deal_id=deal.id, amount_minor=100_00, request_no="R1")
        relay.drain()
    assert (available_minor(streamer), available_minor(buyer)) == (7_92, 401_00)
    with pytest.raises(RefundConflict):
        refund_deal(deal_id=deal.id, amount_minor=99_00, request_no="R1")


def test_what_a_policy_cannot_do_is_no_offer() -> None:
    noon()
    shop = make_merchant()
    for policy, more in (
        (PolicyName.STAGED, {"deposit_minor": 1}),
        (PolicyName.GUARANTEED, {"deposit_minor": 1}),
        (PolicyName.TICKET, {}),
        (PolicyName.BUNDLE, {}),
        (PolicyName.SERVICE, {"seconds": {STATE.PAID: 0}}),
        (PolicyName.SERVICE, {"seconds": {STATE.ISSUED: 60}}),
    ):
        with pytest.raises(rules.OfferInvalid):
            offer(shop, policy, 10_00, **more)
