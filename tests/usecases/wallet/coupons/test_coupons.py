"""Coupons: the house pays a part, in one journal with the payer's, and gets it back last."""

from datetime import UTC, datetime, timedelta

import pytest

from config.kernel.errors import Gone, SaomaError
from merchants.onboarding.models import Merchant
from merchants.reconciliation.models import Break
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.usecases.reconcile_day import reconcile_day
from tests.factories.accounts import PIN, available_minor
from tests.factories.clock import advance
from tests.factories.coupons import claim, make_campaign
from tests.factories.funding import make_saver, owed_minor
from tests.factories.reconciliation import file_of
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.coupons import rules
from wallet.coupons.models import Campaign, Coupon
from wallet.coupons.usecases.claim_coupon import claim_coupon
from wallet.ledger import queries as ledger
from wallet.ledger.rules import AccountFrozen, InsufficientFunds
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.values import PaymentView

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Merchant:
    noon()
    return make_merchant()


def pay(shop: Merchant, payer: WalletUser, amount_minor: int, *coupons: Coupon) -> PaymentView:
    return sell(shop, amount_minor, payer=payer, coupon_ids=[coupon.id for coupon in coupons])


def posted(code: str) -> int:
    return ledger.balance(ledger.account_id(code)).posted_minor


def test_the_house_pays_a_part_and_the_shop_gets_the_whole(shop: Merchant) -> None:
    payer, campaign = make_payer(100_00), make_campaign()
    coupon = claim(payer, campaign)
    pay(shop, payer, 30_00, coupon)
    coupon.refresh_from_db()
    assert (available_minor(payer), coupon.state) == (75_00, "REDEEMED")
    assert posted(f"merchant:{shop.id}:pending") == 30_00
    assert (posted("expense:promo"), posted("house:promo_funds")) == (5_00, 50_00)
    assert verify_ledger().passed


def test_a_refund_gives_the_buyer_their_own_part_first_and_the_house_the_last_fens(
    shop: Merchant,
) -> None:
    payer, campaign = make_payer(100_00), make_campaign()
    coupon = claim(payer, campaign)
    sale = pay(shop, payer, 30_00, coupon)
    give_back(sale, 24_00, merchant=shop)
    assert (available_minor(payer), posted("expense:promo")) == (99_00, 5_00)
    give_back(sale, 3_00, merchant=shop)
    assert (available_minor(payer), posted("expense:promo")) == (100_00, 3_00)
    give_back(sale, 3_00, merchant=shop)
    coupon.refresh_from_db()
    assert (available_minor(payer), posted("expense:promo")) == (100_00, 0)
    assert (coupon.state, coupon.returned_minor) == ("REFUNDED", 5_00)
    with pytest.raises(rules.CouponSpent):
        pay(shop, payer, 30_00, coupon)
    assert verify_ledger().passed


def test_what_the_balance_lacks_beside_a_coupon_comes_from_the_sources(shop: Merchant) -> None:
    payer = make_saver(balance_minor=10_00, saved_minor=5_00)
    sale = pay(shop, payer, 30_00, claim(payer, make_campaign()))
    assert (available_minor(payer), owed_minor(payer)) == (0, 10_00)
    give_back(sale, 30_00, merchant=shop)
    assert (available_minor(payer), owed_minor(payer), posted("expense:promo")) == (10_00, 0, 0)
    assert verify_ledger().passed


def test_a_payment_that_is_refused_spends_no_coupon(shop: Merchant) -> None:
    payer = make_payer(24_99)
    coupon = claim(payer, make_campaign())
    with pytest.raises(InsufficientFunds):
        pay(shop, payer, 30_00, coupon)
    coupon.refresh_from_db()
    assert (coupon.state, coupon.payment_id, posted("expense:promo")) == ("ISSUED", None, 0)


def test_asking_again_spends_a_coupon_once(shop: Merchant) -> None:
    payer = make_payer(100_00)
    coupon = claim(payer, make_campaign())
    sale = pay(shop, payer, 30_00, coupon)
    confirm_payment(payment_id=sale.id, payer_id=payer.id, pin=PIN, coupon_ids=[coupon.id])
    assert (available_minor(payer), posted("expense:promo")) == (75_00, 5_00)
    with pytest.raises(rules.CouponSpent):
        pay(shop, payer, 30_00, coupon)


def test_coupons_that_stack_go_together_and_one_that_does_not_is_alone(shop: Merchant) -> None:
    payer = make_payer(100_00)
    alone = claim(payer, make_campaign("ALONE"))
    first, second = (claim(payer, make_campaign(code, stacks=True)) for code in ("ONE", "TWO"))
    with pytest.raises(rules.CouponsDoNotStack):
        pay(shop, payer, 40_00, alone, first)
    pay(shop, payer, 40_00, first, second)
    assert (available_minor(payer), posted("expense:promo")) == (70_00, 10_00)


def test_no_more_than_three_go_together(shop: Merchant) -> None:
    payer = make_payer(100_00)
    codes = [f"C-{number}" for number in range(4)]
    coupons = [claim(payer, make_campaign(code, stacks=True)) for code in codes]
    with pytest.raises(rules.CouponsDoNotStack):
        pay(shop, payer, 40_00, *coupons)
    assert available_minor(payer) == 100_00


@pytest.mark.parametrize(("price_minor", "stacked"), [(29_99, 1), (10_00, 2)])
def test_a_price_below_the_coupons_is_refused(
    shop: Merchant, price_minor: int, stacked: int
) -> None:
    payer = make_payer(100_00)
    from_minor = 30_00 if stacked == 1 else 6_00
    coupons = [
        claim(payer, make_campaign(f"C-{number}", stacks=True, from_minor=from_minor))
        for number in range(stacked)
    ]
    with pytest.raises(rules.PriceTooLow):
        pay(shop, payer, price_minor, *coupons)


def test_a_coupon_is_its_owners_alone(shop: Merchant) -> None:
    coupon = claim(make_payer(100_00), make_campaign())
    with pytest.raises(rules.CouponUnknown):
        pay(shop, make_payer(100_00), 30_00, coupon)


def test_one_coupon_a_person_while_the_budget_lasts() -> None:
    noon()
    campaign = make_campaign(budget_minor=10_00)
    first, second, third = (make_payer(1_00) for _ in range(3))
    assert claim_coupon(user_id=first.id, code="SPRING") == (Coupon.objects.get(), False)
    assert claim_coupon(user_id=first.id, code="SPRING") == (Coupon.objects.get(), True)
    claim(second, campaign)
    with pytest.raises(rules.CampaignOver):
        claim(third, campaign)
    with pytest.raises(rules.CampaignUnknown):
        claim_coupon(user_id=first.id, code="AUTUMN")
    freeze_user(user_id=third.id, actor="operator:carl", reason="a stolen phone")
    with pytest.raises(AccountFrozen):
        claim(third, campaign)


def test_what_nobody_spent_goes_back_when_the_campaign_ends(shop: Merchant) -> None:
    payer, other, campaign = make_payer(100_00), make_payer(100_00), make_campaign()
    pay(shop, payer, 30_00, claim(payer, campaign))
    unspent = claim(other, campaign)
    bank_minor = posted("asset:custodian_bank")
    advance(days=1)
    unspent.refresh_from_db()
    ended = Campaign.objects.get()
    assert (unspent.state, ended.left_minor) == ("EXPIRED", 45_00)
    assert posted("house:promo_funds") == 5_00
    assert posted("asset:custodian_bank") <= bank_minor - 45_00
    for code in (lambda: pay(shop, other, 30_00, unspent), lambda: claim(make_payer(1), campaign)):
        with pytest.raises(SaomaError) as refusal:
            code()
        assert isinstance(refusal.value, Gone)
    assert verify_ledger().passed


def test_the_bank_tells_of_the_budget_and_of_what_went_back() -> None:
    today = noon()
    make_campaign()
    advance(days=3)
    for day in (today, today + timedelta(days=1)):
        read_statement(content=file_of(day))
        assert reconcile_day(day=day) == []
    assert not Break.objects.exists()


@pytest.mark.parametrize(
    ("field", "terms"),
    [
        ("code", {"code": "a b"}),
        ("name", {"name": " "}),
        ("amount_minor", {"amount_minor": 0}),
        ("from_minor", {"from_minor": 5_00}),
        ("budget_minor", {"budget_minor": 4_99}),
        ("ends_at", {"ends_at": datetime(2020, 1, 1, tzinfo=UTC)}),
    ],
)
def test_terms_that_make_no_campaign_are_named(field: str, terms: dict[str, object]) -> None:
    noon()
    with pytest.raises(rules.CampaignInvalid) as refusal:
        make_campaign(**terms)  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert not Campaign.objects.exists()


def test_a_code_is_one_campaigns() -> None:
    noon()
    make_campaign()
    with pytest.raises(rules.CampaignExists):
        make_campaign()


def test_a_coupon_whose_campaign_is_over_pays_for_nothing(shop: Merchant) -> None:
    payer = make_payer(100_00)
    coupon = claim(payer, make_campaign())
    advance(days=1, seconds=1)
    with pytest.raises(rules.CouponExpired):
        pay(shop, payer, 30_00, coupon)
    assert (available_minor(payer), posted("expense:promo")) == (100_00, 0)
