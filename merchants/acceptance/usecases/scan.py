"""Scan a merchant's code with a payer's phone."""

import uuid
from typing import NoReturn

from config.kernel import clock, ids, transactions
from merchants.acceptance import queries, rules
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.hold_order import hold_order, pay_order
from merchants.acceptance.values import OrderKind, Scan
from merchants.onboarding.models import App, Merchant, Till
from merchants.onboarding.queries import merchant
from merchants.onboarding.values import AppState, MerchantState, PlaceState
from wallet import public as wallet
from wallet.qr import links, merchant_code
from wallet.qr.classify import classify
from wallet.qr.merchant_code import new_token

PREFIX = "S"


@transactions.atomic_retry
def scan_code(*, payload: str, payer_id: uuid.UUID, amount_minor: int | None = None) -> Scan:
    """Open what a scanned code stands for, and hold it for this payer.

    Our own EMVCo codes and links are taken, in any case of letters. A dynamic code's
    order gets its payment now, which waits for the payer's confirmation; the first
    payer to scan holds it, and scanning again shows the same order. A static code makes
    a new order each time; with an amount it gets its payment at once, without one the
    payer types it next (`set_amount`).

    Args:
        payload: the text in the code, as read.
        payer_id: the wallet user who scans.
        amount_minor: what the payer typed, in minor units; for static codes only.

    Raises:
        rules.CodeUnreadable, rules.NetworkUnsupported, rules.CodeUnknown: no code of ours.
        rules.OrderCodeExpired, rules.OrderClosed, rules.OrderPaid, rules.BeingPaid: too late.
        rules.AmountFixed: an amount for an order that has one.
        rules.MerchantNotActive, rules.PlaceClosed, rules.AmountOutOfRange: see the rules.
        and what the wallet refuses when the payment is made (limits, frozen, own code).

    Locks: the order.
    """
    token, merchant_id, till_code = _read(payload)
    if token:
        order = _locked_by_token(token)
        if order is not None:
            if amount_minor not in {None, order.amount_minor}:
                raise rules.AmountFixed(field="amount")
            return hold_order(order=order, payer_id=payer_id)
        if wallet.offers_freeze(token):
            return _hold_freeze(token, payer_id, amount_minor)
        till = queries.till_by_token(token)
        if till is None:
            raise rules.CodeUnknown()
        return _open_static(till.merchant, till, till.code, payer_id, amount_minor)
    merchant, known = queries.till_by_code(merchant_id=merchant_id, code=till_code)
    return _open_static(merchant, known, till_code, payer_id, amount_minor)


def _hold_freeze(token: str, payer_id: uuid.UUID, amount_minor: int | None) -> Scan:
    """Hold an offered freeze for this payer, who agrees to it next with the PIN."""
    if amount_minor is not None:
        raise rules.AmountFixed(field="amount")
    offered, _ = wallet.offered_freeze(token=token)
    payee = merchant(offered.payee_id)
    if payee.state != MerchantState.APPROVED:
        raise rules.MerchantNotActive(state=payee.state)
    held = wallet.claim_freeze(token=token, payer_id=payer_id)
    return queries.scan_of_freeze(held.authorisation, held.operation)


def _read(payload: str) -> tuple[str, str, str]:
    """Token, merchant number and till number of a code of ours; the rest are empty."""
    own_link = links.own_token(payload, hosts=queries.house().hosts)
    if own_link:
        return own_link, "", ""
    own = merchant_code.read_own(payload, guid=queries.house().guid)
    if own is None:
        _refuse(payload)
    return own.token, own.merchant_id, own.till_id


def _refuse(payload: str) -> NoReturn:
    """Say why a code that is not ours cannot be paid."""
    reading = classify(payload, house=queries.house(), at=clock.now())
    if reading.errors:
        raise rules.CodeUnreadable(field="payload", errors=",".join(reading.errors))
    raise rules.NetworkUnsupported(kind=reading.kind.value, profile=reading.profile)


def _locked_by_token(token: str) -> Order | None:
    rows = Order.objects.select_for_update(of=("self",)).select_related("merchant")
    return rows.filter(token=token).first()


def _open_static(
    merchant: Merchant,
    till: Till | None,
    till_code: str,
    payer_id: uuid.UUID,
    amount_minor: int | None,
) -> Scan:
    """Make the order that a scan of a static code stands for."""
    if merchant.state != MerchantState.APPROVED:
        raise rules.MerchantNotActive(state=merchant.state)
    if till is not None and till.state != PlaceState.OPEN:
        raise rules.PlaceClosed(till=till.code)
    now = clock.now()
    ends = now + rules.STATIC_LIFE
    order = Order.objects.create(
        token=new_token(),
        kind=OrderKind.STATIC,
        merchant=merchant,
        reference=f"{PREFIX}{now:%Y%m%d}{ids.random_digits(18)}",
        description=merchant.name,
        currency=merchant.currency,
        store_code="" if till is None else till.store.code,
        till_code=till_code[:32],
        details=_static_details(merchant, till),
        code_expires_at=ends,
        pay_expires_at=ends,
        scanned_by=payer_id,
        scanned_at=now,
    )
    if amount_minor is None:
        return queries.scan_of(order)
    return pay_order(order=order, amount_minor=amount_minor)


def _static_details(merchant: Merchant, till: Till | None) -> dict[str, object]:
    """A printed code belongs to no app: the merchant's oldest one is told of the payment."""
    app = App.objects.filter(merchant=merchant, state=AppState.ACTIVE).order_by("id").first()
    details: dict[str, object] = {"product_code": "QR_CODE_OFFLINE"}
    if app is not None:
        details |= {"app_id": app.app_id, "notify_url": app.notify_url}
    if till is not None:
        details |= {"store_id": till.store.code, "terminal_id": till.code}
    return details
