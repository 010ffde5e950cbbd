"""Claim a coupon of a campaign."""

import uuid

from config.kernel import clock, transactions
from config.kernel.rows import first_or
from wallet.accounts import queries as accounts
from wallet.accounts.values import UserState
from wallet.coupons import rules
from wallet.coupons.models import Campaign, Coupon
from wallet.ledger.rules import AccountFrozen


@transactions.atomic_retry
def claim_coupon(*, user_id: uuid.UUID, code: str) -> tuple[Coupon, bool]:
    """Give somebody their coupon of a campaign: one each, while the budget lasts.

    Again gives the same one; the second value says whether it was there already.

    Raises:
        rules.CampaignUnknown: no campaign has this code.
        rules.CampaignOver: its time is over, or its budget is given away.
        AccountFrozen: the wallet is not in use.

    Locks: the campaign.
    """
    campaign = first_or(
        Campaign.objects.select_for_update().filter(code=code), rules.CampaignUnknown(field="code")
    )
    earlier = campaign.coupons.filter(user_id=user_id).first()
    if earlier is not None:
        return earlier, True
    if accounts.user(user_id).state != UserState.ACTIVE:
        raise AccountFrozen()
    claimed_minor = campaign.claimed_minor + campaign.amount_minor
    over = campaign.ended_at is not None or clock.now() >= campaign.ends_at
    if over or claimed_minor > campaign.budget_minor:
        raise rules.CampaignOver(field="code")
    campaign.claimed_minor = claimed_minor
    campaign.save(update_fields=["claimed_minor"])
    coupon = Coupon(campaign=campaign, user_id=user_id, amount_minor=campaign.amount_minor)
    coupon.save(force_insert=True)
    return coupon, False
