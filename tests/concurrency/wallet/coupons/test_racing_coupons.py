"""Many at once on the last coupons, and one coupon at two shops."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from tests.factories.accounts import available_minor
from tests.factories.coupons import claim, make_campaign
from tests.factories.settlement import make_merchant, make_payer, noon, sell
from tests.factories.threads import outcomes_at_once
from wallet.coupons.models import Campaign, Coupon
from wallet.coupons.usecases.claim_coupon import claim_coupon
from wallet.ledger import queries as ledger
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_twenty_claims_on_a_budget_of_five_give_five() -> None:
    noon()
    make_campaign(budget_minor=25_00)
    people = [make_payer(1_00) for _ in range(20)]
    acts = [partial(claim_coupon, user_id=one.id, code="SPRING") for one in people]
    outcomes = outcomes_at_once(acts, threads=20)
    assert sum(not isinstance(one, SaomaError) for one in outcomes) == 5
    assert (Coupon.objects.count(), Campaign.objects.get().claimed_minor) == (5, 25_00)


def test_one_coupon_at_many_shops_pays_once() -> None:
    noon()
    payer, shops = make_payer(500_00), [make_merchant() for _ in range(6)]
    coupon = claim(payer, make_campaign())
    acts = [
        partial(sell, shop, 30_00, payer=payer, hear=False, coupon_ids=[coupon.id])
        for shop in shops
    ]
    outcomes = outcomes_at_once(acts, threads=6)
    assert sum(not isinstance(one, SaomaError) for one in outcomes) == 1
    assert available_minor(payer) == 475_00
    assert ledger.balance(ledger.account_id("expense:promo")).posted_minor == 5_00
    assert verify_ledger().passed
