"""Keep the fee terms a merchant is charged on, version by version."""

from config.kernel import transactions
from merchants.onboarding.models import Merchant
from merchants.settlement.models import FeeRule


def keep_fee_rule(*, merchant: Merchant) -> FeeRule:
    """Give the rule that holds the merchant's present terms; make a version if they changed.

    Locks: nothing; the caller holds the merchant.
    """
    transactions.require()
    latest = FeeRule.objects.filter(merchant=merchant).order_by("-version").first()
    if latest is not None and latest.fee_bps == merchant.fee_bps:
        return latest
    return FeeRule.objects.create(
        merchant=merchant,
        version=latest.version + 1 if latest else 1,
        fee_bps=merchant.fee_bps,
        minimum_minor=latest.minimum_minor if latest else 0,
        maximum_minor=latest.maximum_minor if latest else None,
    )
