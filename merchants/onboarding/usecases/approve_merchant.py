"""Approve a merchant: two operators, then the books are opened."""

import uuid

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from config.kernel.errors import InvalidRequest, NotPermitted
from merchants.onboarding import queries, rules
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.announce_change import announce_change
from merchants.onboarding.usecases.move_merchant import merchant_target
from merchants.onboarding.values import MerchantState
from wallet.public import AccountKind, Side, open_account


class OperatorsMustDiffer(NotPermitted):
    """One person cannot approve a merchant alone."""

    code = "two_operators_needed"
    message = "A merchant is approved by two different operators."


class FeeOutOfRange(InvalidRequest):
    """The fee lies outside 0 to 10,000 basis points."""

    code = "fee_out_of_range"
    message = "The fee is 0 to 10000 basis points."


def check_fee(fee_bps: int | None) -> None:
    """Check a fee in basis points; None leaves the present one.

    Raises:
        FeeOutOfRange: not 0 to 10,000.
    """
    if fee_bps is not None and not 0 <= fee_bps <= 10_000:
        raise FeeOutOfRange(field="fee_bps")


@transactions.atomic_retry
def approve_merchant(
    *,
    merchant_id: uuid.UUID,
    requested_by: str,
    approved_by: str,
    fee_bps: int | None = None,
) -> Merchant:
    """Let a submitted merchant take payments, and open its ledger accounts.

    Approving an approved merchant again changes nothing. Lifting a suspension goes the
    same way, with the same two people.

    Args:
        merchant_id: the merchant.
        requested_by: the operator who asked for it.
        approved_by: the operator who said yes; somebody else.
        fee_bps: our fee in basis points; None leaves the present one.

    Raises:
        OperatorsMustDiffer: one person, or nobody, on both sides.
        FeeOutOfRange: not 0 to 10,000.
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: it was not submitted, or is closed.

    Locks: the merchant's version, then the merchant.
    """
    if not requested_by or not approved_by or requested_by == approved_by:
        raise OperatorsMustDiffer()
    check_fee(fee_bps)
    targets.moved(merchant_target(merchant_id), actor=approved_by)
    merchant = queries.merchant_for_update(merchant_id)
    if merchant.state == MerchantState.APPROVED:
        return merchant
    before = merchant.state
    rules.check_transition(MerchantState(before), MerchantState.APPROVED)
    if merchant.pending_account_id is None:
        _open_accounts(merchant)
        merchant.approved_at = clock.now()
    merchant.fee_bps = merchant.fee_bps if fee_bps is None else fee_bps
    merchant.state = MerchantState.APPROVED
    merchant.state_reason = ""
    merchant.state_changed_at = clock.now()
    merchant.save()
    record(
        action="merchant.approved",
        actor=approved_by,
        target=f"merchant:{merchant.id}",
        purpose=f"requested by {requested_by}",
        before={"state": before},
        after={"state": merchant.state, "fee_bps": merchant.fee_bps},
    )
    announce_change()
    return merchant


def _open_accounts(merchant: Merchant) -> None:
    """Open the merchant's accounts: what we owe it, and what it may come to owe us.

    Pending is hot: thousands of payments a second append to it and none waits for
    another. The receivable is an asset: debits raise it.
    """
    prefix = f"merchant:{merchant.id}"
    merchant.pending_account_id = _open(merchant, f"{prefix}:pending", hot=True)
    merchant.payable_account_id = _open(merchant, f"{prefix}:payable")
    merchant.reserve_account_id = _open(merchant, f"{prefix}:reserve")
    merchant.receivable_account_id = _open(
        merchant, f"asset:merchant_receivable:{merchant.id}", side=Side.DEBIT
    )


def _open(
    merchant: Merchant, code: str, *, hot: bool = False, side: Side = Side.CREDIT
) -> uuid.UUID:
    return open_account(
        code=code,
        kind=AccountKind.RECEIVABLE if side is Side.DEBIT else AccountKind.CLIENT_LIABILITY,
        currency=merchant.currency,
        owner_id=merchant.id,
        normal_side=side,
        hot=hot,
        floor_minor=0,
        unit=merchant.unit,
    )
