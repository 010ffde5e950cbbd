"""Due work and approvals of onboarding."""

import uuid
from datetime import datetime
from decimal import Decimal

from config.kernel import approvals, timetable
from config.kernel.actors import operator_actor
from merchants.onboarding import queries, rules
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.approve_merchant import (
    FeeOutOfRange,
    approve_merchant,
    check_fee,
)
from merchants.onboarding.usecases.move_merchant import merchant_target
from merchants.onboarding.usecases.open_balance import open_balance
from merchants.onboarding.usecases.revoke_retired_keys import revoke_retired_keys
from merchants.onboarding.values import MerchantState
from wallet import public as accounts

APPROVE_MERCHANT = "merchants.approve"


@timetable.job(
    "onboarding.revoke_retired_keys",
    tells="the merchant set the end when it uploaded the next key",
    next_due=queries.next_retirement,
)
def revoke_retired(now: datetime) -> int:
    """End the keys whose overlap is over."""
    return revoke_retired_keys(now=now)


@accounts.directory_of_payees
def balance_of(payee_id: uuid.UUID, payer_id: uuid.UUID) -> uuid.UUID | accounts.RefusalReason:
    """The balance on which a merchant is paid from other placement units, or why it is not."""
    merchant = Merchant.objects.filter(id=payee_id).first()
    if merchant is None:
        return accounts.RefusalReason.PAYEE_UNKNOWN
    if merchant.state == MerchantState.CLOSED:
        return accounts.RefusalReason.PAYEE_CLOSED
    if merchant.state != MerchantState.APPROVED:
        return accounts.RefusalReason.PAYEE_SUSPENDED
    if merchant.owner_id == payer_id:
        return accounts.RefusalReason.PAYEE_IS_PAYER
    return open_balance(merchant)


def merchant_facts(parameters: approvals.Parameters) -> approvals.Facts:
    """What a decision on a merchant rests on."""
    merchant = _merchant(parameters)
    return {
        "merchant number": merchant.merchant_number,
        "state": merchant.state,
        "fee": _per_cent(merchant.fee_bps),
        "payout bank": merchant.payout_bank,
        "payout account": merchant.payout_account,
        "payout holder": merchant.payout_holder,
    }


def show_merchant(parameters: approvals.Parameters) -> approvals.Facts:
    """Which merchant, whose, and where its money goes."""
    merchant = _merchant(parameters)
    owner = accounts.user(merchant.owner_id)
    return {
        "merchant": approvals.Link(merchant.name, "onboarding.Merchant", str(merchant.id)),
        "number": merchant.merchant_number,
        "trade": f"category {merchant.mcc}, {merchant.city}, {merchant.country}",
        "owner": approvals.Link(owner.name, "accounts.WalletUser", str(owner.id)),
        "paid out to": f"{merchant.payout_holder or '-'}, {merchant.payout_bank or '-'} "
        f"{merchant.payout_account or '-'}",
        "currency": merchant.currency,
    }


def show_fee(parameters: approvals.Parameters) -> approvals.Facts:
    """The fee that is asked for."""
    fee_bps = _fee_bps(parameters)
    return {"fee": "as it is" if fee_bps is None else _per_cent(fee_bps)}


def check_merchant(parameters: approvals.Parameters) -> None:
    """Only what waits for it can be approved, at a fee that there can be."""
    fee_bps = _fee_bps(parameters)
    check_fee(fee_bps)
    state = MerchantState(_merchant(parameters).state)
    rules.check_transition(state, MerchantState.APPROVED)


def foretell_approval(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the merchant."""
    merchant, fee_bps = _merchant(parameters), _fee_bps(parameters)
    after = merchant.fee_bps if fee_bps is None else fee_bps
    opened = "are there already" if merchant.pending_account_id else "are opened"
    return {
        "state": approvals.change(merchant.state, MerchantState.APPROVED.value),
        "fee": approvals.change(_per_cent(merchant.fee_bps), _per_cent(after)),
        "its ledger accounts": opened,
        "money": "it may take payments from then on",
    }


def target_merchant(parameters: approvals.Parameters) -> str:
    """The merchant."""
    return merchant_target(_merchant(parameters).id)


@approvals.action(
    APPROVE_MERCHANT,
    title="Approve a merchant",
    parameters={"merchant_id": show_merchant, "fee_bps": show_fee},
    target=target_merchant,
    state=merchant_facts,
    check=check_merchant,
    effect=foretell_approval,
)
def approve(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: merchant_id, fee_bps or None."""
    merchant = approve_merchant(
        merchant_id=_merchant(approved.parameters).id,
        requested_by=operator_actor(approved.maker),
        approved_by=operator_actor(approved.checkers[-1]),
        fee_bps=_fee_bps(approved.parameters),
    )
    return {"merchant": merchant.merchant_number, "state": merchant.state}


def _merchant(parameters: approvals.Parameters) -> Merchant:
    return queries.merchant(approvals.id_in(parameters, "merchant_id", queries.MerchantNotFound))


def _fee_bps(parameters: approvals.Parameters) -> int | None:
    fee_bps = parameters.get("fee_bps")
    if fee_bps is None:
        return None
    if isinstance(fee_bps, bool) or not isinstance(fee_bps, int):
        raise FeeOutOfRange(field="fee_bps")
    return fee_bps


def _per_cent(fee_bps: int) -> str:
    return f"{Decimal(fee_bps).scaleb(-2)} %"
