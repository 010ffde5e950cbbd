"""Due work and approvals of onboarding."""

import uuid
from datetime import datetime

from config.kernel import approvals, timetable
from merchants.onboarding import queries
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from merchants.onboarding.usecases.revoke_retired_keys import revoke_retired_keys

CHANGE = "onboarding.change_merchant"
APPROVE = "onboarding.approve_merchant"
APPROVE_MERCHANT = "merchants.approve"


@timetable.job("onboarding.revoke_retired_keys", next_due=queries.next_retirement)
def revoke_retired(now: datetime) -> int:
    """End the keys whose overlap is over."""
    return revoke_retired_keys(now=now)


def merchant_facts(parameters: approvals.Parameters) -> approvals.Facts:
    """What a decision on a merchant rests on."""
    merchant = _merchant(parameters)
    return {
        "merchant": merchant.merchant_id,
        "name": merchant.name,
        "state": merchant.state,
        "fee_bps": merchant.fee_bps,
        "payout_account": merchant.payout_account,
    }


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    fee_bps = parameters.get("fee_bps")
    return {
        "state": "APPROVED",
        "fee_bps": _merchant(parameters).fee_bps if fee_bps is None else fee_bps,
    }


@approvals.action(
    APPROVE_MERCHANT,
    title="Approve a merchant",
    permission=APPROVE,
    maker_permission=CHANGE,
    state=merchant_facts,
    effect=_effect,
)
def approve(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: merchant_uuid, fee_bps or None."""
    fee_bps = approved.parameters.get("fee_bps")
    merchant = approve_merchant(
        merchant_uuid=_merchant(approved.parameters).id,
        requested_by=f"operator:{approved.maker}",
        approved_by=f"operator:{approved.checkers[-1]}",
        fee_bps=None if fee_bps is None else int(str(fee_bps)),
    )
    return {"merchant": merchant.merchant_id, "state": merchant.state}


def _merchant(parameters: approvals.Parameters) -> Merchant:
    return queries.merchant(uuid.UUID(str(parameters["merchant_uuid"])))
