"""What partners keep of a bundle at its end, also after its seller has given some of it back."""

import pytest

from merchants.deals.usecases.move_money import held_for
from merchants.deals.usecases.refund_deal import refund_deal
from merchants.deals.values import DealParty, DealState, PolicyName
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import open_balance
from tests.factories.accounts import available_minor
from tests.factories.bundles import Subscription
from tests.factories.deals import move, offer, pass_time, take
from tests.factories.settlement import make_merchant, make_payer, noon
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.public import balance

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def kept_minor(partner: Merchant) -> int:
    return balance(open_balance(partner)).posted_minor


def test_partners_share_what_a_sellers_refund_has_left_by_what_was_not_used() -> None:
    noon()
    shop, metro, video, buyer = make_merchant(), make_merchant(), make_merchant(), make_payer(57_00)
    shares = [
        {"partner": metro.merchant_number, "name": "metro", "uses": 20, "amount_minor": 2_10},
        {"partner": video.merchant_number, "name": "video", "uses": 1, "amount_minor": 15_00},
    ]
    row = offer(shop, PolicyName.BUNDLE, 57_00, shares=shares, breakage_to_partners=True)
    deal = take(row, buyer)
    refund_deal(deal_id=deal.id, amount_minor=10_00, request_no="sorry")
    pass_time(days=30)
    deal.refresh_from_db()
    assert (deal.state, deal.due_at, held_for(deal)) == (DealState.ENDED, None, 0)
    # 47.00 by 42.00 to 15.00.
    assert (kept_minor(metro), kept_minor(video)) == (34_63, 12_37)
    assert available_minor(buyer) == 10_00
    assert verify_ledger().passed


def test_a_month_that_was_refunded_in_part_is_followed_by_the_next_one() -> None:
    town = Subscription(breakage_to_partners=True)
    town.ride("M1")
    refund_deal(deal_id=town.deal.id, amount_minor=10_00, request_no="sorry")
    pass_time(days=30)
    assert (town.state(), held_for(town.deal), town.uses()) == (DealState.ACTIVE, 40_00, (0, 20))
    assert (town.rides_paid_minor(), available_minor(town.buyer)) == (30_00, 130_00)
    assert verify_ledger().passed


def test_a_bundle_used_up_ends_with_nothing_to_keep() -> None:
    town = Subscription(breakage_to_partners=True)
    for ride in range(20):
        town.ride(f"M{ride}")
    pass_time(days=30)
    assert (town.state(), town.rides_paid_minor()) == (DealState.ACTIVE, 40_00)
    move(town.deal, "cancel", DealParty.BUYER)
    assert verify_ledger().passed
