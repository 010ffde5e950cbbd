"""Merchants with sales to settle, all made by the real use cases.

The world's clock is moved to noon in Shanghai first, so that a test's sales fall on the
day it means; midnight is twelve hours away on either side.
"""

import itertools
import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.acceptance.usecases.pay_into_escrow import into_escrow
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.apply_for_merchant import Application, apply_for_merchant
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from merchants.payouts.models import Payout
from merchants.payouts.usecases.create_payout import create_payout
from merchants.payouts.usecases.submit_payout import submit_payout
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.settle_batch import settle_batch
from tests.factories.accounts import PIN, fund, make_user
from tests.factories.clock import advance
from wallet.accounts.models import WalletUser
from wallet.ledger import queries as ledger
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.values import PaymentView, PayRequest, RefundView

_numbers = itertools.count(1)


def noon() -> date:
    """Move the clock to the next noon in Shanghai; returns the day."""
    local = clock.now() + timedelta(hours=8)
    if (local.hour, local.minute) == (12, 0):
        return clock.today()
    since_noon = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
    wait = (timedelta(hours=36) - since_noon) % timedelta(days=1)
    advance(seconds=wait.total_seconds())
    return clock.today()


def make_merchant(
    *,
    owner: WalletUser | None = None,
    fee_bps: int = 60,
    cutoff_hour: int = 0,
    zone: str = "Asia/Shanghai",
    payout_account: str = "6222020200012300",
) -> Merchant:
    """An approved merchant."""
    number = next(_numbers)
    merchant = apply_for_merchant(
        owner_id=(owner or make_user()).id,
        application=Application(
            name=f"Baozi {number}",
            short_name=f"BAOZI {number}",
            mcc="5814",
            city="HANGZHOU",
            zone=zone,
            cutoff_hour=cutoff_hour,
            payout_bank="ICBC",
            payout_account=payout_account,
            payout_holder=f"Baozi {number} Ltd",
        ),
    )
    return approve_merchant(
        merchant_id=merchant.id,
        requested_by="operator:mia",
        approved_by="operator:carl",
        fee_bps=fee_bps,
    )


def make_payer(balance_minor: int = 50_000_00) -> WalletUser:
    """A verified customer with money."""
    payer = make_user(kyc_tier=3)
    fund(payer, balance_minor)
    return payer


def sell(
    merchant: Merchant,
    amount_minor: int,
    *,
    payer: WalletUser,
    hear: bool = True,
    guaranteed: bool = False,
    coupon_ids: Sequence[uuid.UUID] = (),
) -> PaymentView:
    """Let a payer pay a merchant; `hear` delivers the news to whoever listens."""
    assert merchant.pending_account_id is not None
    request = PayRequest(
        payee_id=merchant.id,
        payee_account_id=merchant.pending_account_id,
        payee_name=merchant.name,
        payee_zone=merchant.zone,
        payee_cutoff_hour=merchant.cutoff_hour,
        reference=f"order-{next(_numbers)}",
        description="baozi",
        amount_minor=amount_minor,
        currency="CNY",
        expires_at=clock.now() + timedelta(minutes=5),
        details={},
    )
    created = create_payment(
        request=into_escrow(request) if guaranteed else request, payer_id=payer.id
    )
    outcome = confirm_payment(
        payment_id=created.payment.id, payer_id=payer.id, pin=PIN, coupon_ids=coupon_ids
    )
    if hear:
        relay.drain()
    return outcome.payment


def give_back(
    payment: PaymentView, amount_minor: int, *, merchant: Merchant, hear: bool = True
) -> RefundView:
    """Let a merchant refund: from pending, then payable, then on credit."""
    sources = [
        merchant.pending_account_id,
        merchant.payable_account_id,
        merchant.receivable_account_id,
    ]
    outcome = refund_payment(
        payment_id=payment.id,
        request_no=f"refund-{next(_numbers)}",
        amount_minor=amount_minor,
        refund_accounts=[account for account in sources if account],
    )
    if hear:
        relay.drain()
    return outcome.refund


def held(account_id: uuid.UUID | None) -> int:
    """What the books say an account holds, in fen."""
    assert account_id is not None
    return ledger.balance(account_id).posted_minor


def books(merchant: Merchant) -> tuple[int, int, int]:
    """The merchant's pending, payable and receivable, in fen."""
    return (
        held(merchant.pending_account_id),
        held(merchant.payable_account_id),
        held(merchant.receivable_account_id),
    )


def submitted_payout() -> Payout:
    """The payout of a sale of 100.00, settled, with the bank."""
    return submit_payout(payout_id=made_payout().id)


def made_payout() -> Payout:
    """The same before the bank was given it."""
    payout = create_payout(batch_id=settled_batch().id)
    assert payout is not None
    return payout


def settled_batch(payout_account: str = "6222020200012300") -> SettlementBatch:
    """The batch of a new merchant's sale of 100.00, settled and not paid out yet."""
    noon()
    merchant = make_merchant(payout_account=payout_account)
    sell(merchant, 100_00, payer=make_payer())
    return settle_batch(batch_id=SettlementBatch.objects.get(merchant=merchant).id)
