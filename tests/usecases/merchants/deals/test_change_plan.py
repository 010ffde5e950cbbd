"""A bundle changed for another in the middle of its term, prorated by use, to the fen."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from merchants.deals import rules
from merchants.deals.models import Deal, Offer
from merchants.deals.usecases.move_money import held_for
from merchants.deals.usecases.take_offer import take_offer
from merchants.deals.usecases.unlock import redeem_entitlement
from merchants.deals.values import DealParty, DealState, PolicyName
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import open_balance
from tests.factories.accounts import available_minor
from tests.factories.clock import advance
from tests.factories.deals import move, offer, pass_time, pay, take
from tests.factories.settlement import make_merchant, make_payer, noon
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.public import balance

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BUYER = DealParty.BUYER
STATE = DealState


class Town:
    """A seller of plans with its partners, and a buyer of the smaller plan."""

    def __init__(self, money_minor: int = 200_00, **more: Any) -> None:
        noon()
        self.shop, self.metro, self.video = make_merchant(), make_merchant(), make_merchant()
        self.buyer: WalletUser = make_payer(money_minor)
        self.small = self.plan(20, **more)
        self.large = self.plan(40, **more)
        self.old = take(self.small, self.buyer, reference="SMALL")

    def plan(self, rides: int, **more: Any) -> Offer:
        """So many rides at 2.10 and a month of video at 15.00."""
        shares = [
            {"partner": self.metro.merchant_number, "name": "metro", "uses": rides,
             "amount_minor": 2_10},
            {"partner": self.video.merchant_number, "name": "video", "uses": 1,
             "amount_minor": 15_00},
        ]  # fmt: skip
        return offer(self.shop, PolicyName.BUNDLE, rides * 2_10 + 15_00, shares=shares, **more)

    def use(self, deal: Deal, name: str, partner: Merchant, number: str) -> None:
        """One use at a partner."""
        row = deal.entitlements.get(name=name)
        redeem_entitlement(entitlement_id=row.id, owner_id=partner.owner_id, request_no=number)

    def change(self, row: Offer, reference: str = "LARGE") -> Deal:
        """Ask for another plan in the old one's place; it waits for its payment."""
        return take_offer(
            offer_id=row.id, buyer_id=self.buyer.id, reference=reference, replaces_id=self.old.id
        )

    def partners_minor(self) -> tuple[int, int]:
        """What the metro and the video service have."""
        first, second = (open_balance(one) for one in (self.metro, self.video))
        return balance(first).posted_minor, balance(second).posted_minor


def test_the_old_plans_rest_comes_back_and_what_was_used_counts_under_the_new_one() -> None:
    town = Town()
    for number in ("M1", "M2", "M3"):
        town.use(town.old, "metro", town.metro, number)
    town.use(town.old, "video", town.video, "V1")
    ends = town.old.due_at
    assert (available_minor(town.buyer), held_for(town.old)) == (143_00, 35_70)
    advance(seconds=timedelta(days=10).total_seconds())
    new = town.change(town.large)
    assert town.change(town.large).id == new.id
    town.old.refresh_from_db()
    assert (town.old.state, new.state) == (STATE.ACTIVE, STATE.WAIT_BUYER_PAY)
    for _ in range(2):
        pay(new, "price")
    town.old.refresh_from_db()
    amounts = town.old.timeline.filter(move="change_plan").values_list("amount_minor", flat=True)
    assert (town.old.state, list(amounts)) == (STATE.CANCELLED, [35_70])
    # 99.00 paid; 21.30 of it was used already and 35.70 of the old plan was not.
    assert (available_minor(town.buyer), held_for(new)) == (101_00, 77_70)
    assert (new.state, new.due_at) == (STATE.ACTIVE, ends)
    uses = new.entitlements.order_by("name").values_list("name", "uses_made", "uses")
    assert list(uses) == [("metro", 3, 40), ("video", 1, 1)]
    with pytest.raises(rules.EntitlementUsedUp):
        town.use(new, "video", town.video, "V2")
    with pytest.raises(rules.DealStateForbids):
        town.use(town.old, "metro", town.metro, "M4")
    town.use(new, "metro", town.metro, "M4")
    pass_time(days=20)
    assert Deal.objects.get(id=new.id).state == STATE.ENDED
    # Four rides and the video were used in all: 23.40, whichever plan they were under.
    assert (available_minor(town.buyer), town.partners_minor()) == (176_60, (8_40, 15_00))
    assert verify_ledger().passed


def test_a_smaller_plan_takes_the_uses_that_it_has_room_for() -> None:
    town = Town()
    for number in range(4):
        town.use(town.old, "metro", town.metro, f"M{number}")
    new = town.change(town.plan(3), "TINY")
    pay(new, "price")
    # 21.30 paid, three rides of it used before; of the old plan 57.00 less four rides comes back.
    assert (available_minor(town.buyer), held_for(new)) == (176_60, 15_00)
    assert new.entitlements.get(name="metro").uses_made == 3
    assert verify_ledger().passed


def test_what_partners_keep_at_the_end_is_of_the_new_plan_alone() -> None:
    town = Town(breakage_to_partners=True)
    town.use(town.old, "metro", town.metro, "M1")
    new = town.change(town.large)
    pay(new, "price")
    pass_time(days=30)
    assert town.partners_minor() == (84_00, 15_00)
    assert (available_minor(town.buyer), Deal.objects.get(id=new.id).state) == (101_00, STATE.ENDED)


def test_a_change_that_nobody_pays_changes_nothing() -> None:
    town = Town()
    new = town.change(town.large)
    pass_time(minutes=30)
    town.old.refresh_from_db()
    assert (town.old.state, Deal.objects.get(id=new.id).state) == (STATE.ACTIVE, STATE.TRADE_CLOSED)
    assert (available_minor(town.buyer), held_for(town.old)) == (143_00, 57_00)
    pay(town.change(town.large, "AGAIN"), "price")
    assert available_minor(town.buyer) == 101_00


def test_a_plan_paid_after_the_old_one_ended_is_one_of_its_own() -> None:
    town = Town()
    town.use(town.old, "metro", town.metro, "M1")
    new = town.change(town.large)
    move(town.old, "cancel", BUYER)
    pay(new, "price")
    town.old.refresh_from_db()
    assert (available_minor(town.buyer), held_for(new)) == (98_90, 99_00)
    assert new.entitlements.get(name="metro").uses_made == 0
    assert new.due_at is not None
    assert timedelta(days=29) < new.due_at - clock.now() <= timedelta(days=30)


def test_only_the_buyers_own_plan_in_force_is_changed_for_another_and_once() -> None:
    town = Town()
    with pytest.raises(rules.OfferInvalid):
        town.change(town.small)
    with pytest.raises(rules.OfferInvalid):
        town.change(offer(town.shop, PolicyName.SERVICE, 1_00))
    shares = [{"partner": town.metro.merchant_number, "name": "x", "uses": 1, "amount_minor": 1_00}]
    with pytest.raises(rules.DealUnknown):
        town.change(offer(town.metro, PolicyName.BUNDLE, 1_00, shares=shares))
    with pytest.raises(rules.DealUnknown):
        take_offer(offer_id=town.large.id, buyer_id=make_payer(1).id, reference="X",
                   replaces_id=town.old.id)  # fmt: skip
    town.change(town.large)
    with pytest.raises(rules.PlanChangeOpen):
        town.change(town.plan(30), "OTHER")
    with pytest.raises(rules.OfferTaken):
        take_offer(offer_id=town.large.id, buyer_id=town.buyer.id, reference="LARGE")
    pass_time(minutes=30)
    move(town.old, "cancel", BUYER)
    with pytest.raises(rules.DealStateForbids):
        town.change(town.large, "LATE")
    assert Offer.objects.get(id=town.large.id).taken == 0
