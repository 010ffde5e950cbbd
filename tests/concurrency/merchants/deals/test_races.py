"""The last ticket wanted by many, and a confirmation that meets a refund: money moves once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from config.kernel import clock
from merchants.deals.models import Deal, Offer
from merchants.deals.rules import PlanChangeOpen, SoldOut
from merchants.deals.usecases.move_deal import move_deal, note_payment
from merchants.deals.usecases.move_due import move_due
from merchants.deals.usecases.move_money import held_for
from merchants.deals.usecases.refund_deal import ask_refund, refund_deal
from merchants.deals.usecases.take_offer import take_offer
from merchants.deals.usecases.unlock import redeem_entitlement
from merchants.deals.values import DealParty, DealState, PolicyName
from merchants.onboarding.usecases.open_balance import open_balance
from tests.factories.accounts import PIN, available_minor
from tests.factories.bundles import Subscription
from tests.factories.deals import move, offer, take
from tests.factories.settlement import books, make_merchant, make_payer, noon
from tests.factories.threads import at_once, outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.public import balance

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
BUYER, SELLER = DealParty.BUYER, DealParty.SELLER


@pytest.mark.parametrize("price", [0, 17_00])
def test_of_many_buyers_one_gets_the_last_ticket(price: int) -> None:
    noon()
    ends = (clock.now() + timedelta(days=1)).isoformat()
    row = offer(
        make_merchant(), PolicyName.TICKET, price, capacity=1, dates={DealState.ISSUED: ends}
    )
    buyers = [make_payer(50_00) for _ in range(6)]
    outcomes = outcomes_at_once(
        [partial(take_offer, offer_id=row.id, buyer_id=buyer.id, reference="T") for buyer in buyers]
    )
    assert sum(isinstance(one, SoldOut) for one in outcomes) == 5
    assert (Offer.objects.get(id=row.id).taken, Deal.objects.count()) == (1, 1)


def test_a_confirmation_and_refunds_at_once_share_the_money_without_loss() -> None:
    noon()
    shop, buyer = make_merchant(), make_payer(100_00)
    deal = take(offer(shop, PolicyName.SERVICE, 60_00), buyer)
    move(deal, "accept", SELLER)
    acts: list[Callable[[], object]] = [
        partial(move_deal, deal_id=deal.id, name="complete", by=SELLER),
        partial(ask_refund, deal_id=deal.id, amount_minor=60_00, reason="slow"),
        partial(refund_deal, deal_id=deal.id, amount_minor=20_00, request_no="R1"),
        partial(refund_deal, deal_id=deal.id, amount_minor=20_00, request_no="R1"),
    ]
    outcomes_at_once(acts)
    row = Deal.objects.get(id=deal.id)
    assert available_minor(buyer) + books(shop)[0] + held_for(row) == 100_00
    assert available_minor(buyer) in {40_00, 60_00}
    assert (row.ended_at is None) == row.refund_requests.exists()
    assert verify_ledger().passed


def test_two_gates_with_one_number_use_a_bundle_once() -> None:
    noon()
    shop, metro, buyer = make_merchant(), make_merchant(), make_payer(50_00)
    shares = [{"partner": metro.merchant_number, "name": "metro", "uses": 2, "amount_minor": 5_00}]
    deal = take(offer(shop, PolicyName.BUNDLE, 10_00, shares=shares), buyer)
    row = deal.entitlements.get()
    act = partial(
        redeem_entitlement, entitlement_id=row.id, owner_id=metro.owner_id, request_no="M1"
    )
    at_once([act] * 5)
    row.refresh_from_db()
    assert row.uses_made == 1


def test_uses_of_the_old_plan_and_its_change_at_once_are_paid_once_each() -> None:
    noon()
    shop, metro, buyer = make_merchant(), make_merchant(), make_payer(100_00)

    def plan(uses: int) -> Offer:
        share = {
            "partner": metro.merchant_number,
            "name": "metro",
            "uses": uses,
            "amount_minor": 5_00,
        }
        return offer(shop, PolicyName.BUNDLE, uses * 5_00, shares=[share])

    old = take(plan(4), buyer)
    changes = [
        partial(take_offer, offer_id=plan(uses).id, buyer_id=buyer.id, reference=f"P{uses}",
                replaces_id=old.id)
        for uses in (6, 7, 8)
    ]  # fmt: skip
    outcomes = outcomes_at_once(changes)
    assert sum(isinstance(one, PlanChangeOpen) for one in outcomes) == 2
    new = Deal.objects.get(replaces=old)
    payment_id = new.payments.get().payment_id
    confirm_payment(payment_id=payment_id, payer_id=buyer.id, pin=PIN)
    use = partial(
        redeem_entitlement, entitlement_id=old.entitlements.get().id, owner_id=metro.owner_id
    )
    acts: list[Callable[[], object]] = [partial(use, request_no=f"M{n}") for n in range(3)]
    acts[1:1] = [partial(note_payment, payment_id=payment_id)] * 2
    outcomes_at_once(acts)
    for row in (old, new):
        row.refresh_from_db()
    assert (old.state, new.state) == (DealState.CANCELLED, DealState.ACTIVE)
    uses = new.entitlements.get()
    assert old.entitlements.get().uses_made == uses.uses_made
    metro_minor = balance(open_balance(metro)).posted_minor
    assert metro_minor == uses.uses_made * 5_00
    assert held_for(new) == (uses.uses - uses.uses_made) * 5_00
    assert available_minor(buyer) + held_for(new) + metro_minor == 100_00
    assert verify_ledger().passed


@pytest.mark.parametrize("cancels", [False, True])
def test_workers_at_once_debit_a_bundles_next_month_once(cancels: bool) -> None:
    town = Subscription()
    town.ride("M1")
    now = clock.now()
    Deal.objects.update(due_at=now)
    acts: list[Callable[[], object]] = [partial(move_due, now=now)] * 4
    if cancels:
        acts[1:1] = [partial(move_deal, deal_id=town.deal.id, name="cancel", by=BUYER)]
    outcomes_at_once(acts)
    terms = town.deal.payments.filter(stage="term2").count()
    assert town.rides_paid_minor() == 2_00
    assert available_minor(town.buyer) + held_for(town.deal) == 198_00
    if cancels:
        assert (town.state(), held_for(town.deal)) == (DealState.CANCELLED, 0)
    else:
        assert (town.state(), held_for(town.deal), terms) == (DealState.ACTIVE, 40_00, 1)
    assert verify_ledger().passed
