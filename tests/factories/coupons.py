"""Campaigns of coupons, started, and payers who have claimed one."""

from datetime import timedelta

from config.kernel import clock
from wallet.accounts.models import WalletUser
from wallet.coupons.models import Campaign, Coupon
from wallet.coupons.usecases.claim_coupon import claim_coupon
from wallet.coupons.usecases.start_campaign import start_campaign
from wallet.coupons.values import Terms


def make_campaign(code: str = "SPRING", **terms: object) -> Campaign:
    """Five yuan off from thirty yuan on, for a day; ten coupons at most."""
    usual = {
        "code": code,
        "name": "Spring",
        "amount_minor": 5_00,
        "from_minor": 30_00,
        "budget_minor": 50_00,
        "stacks": False,
        "ends_at": clock.now() + timedelta(days=1),
    }
    return start_campaign(terms=Terms(**{**usual, **terms}), actor="operator:carl")  # type: ignore[arg-type]


def claim(payer: WalletUser, campaign: Campaign) -> Coupon:
    """A payer's coupon of a campaign."""
    return claim_coupon(user_id=payer.id, code=campaign.code)[0]
