"""Scan a merchant's code with a payer's phone."""

import uuid
from collections.abc import Mapping

from config.kernel import clock, ids, transactions
from merchants.acceptance import queries, rules
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.hold_order import hold_order, pay_order
from merchants.acceptance.values import OrderKind, Scan
from merchants.onboarding.models import App, Merchant, Till
from merchants.onboarding.queries import merchant
from merchants.onboarding.values import AppState, MerchantState, PlaceState
from wallet import public as wallet
from wallet.money import CURRENCIES, parse_amount
from wallet.qr.classify import OWN, classify
from wallet.qr.merchant_code import new_token
from wallet.qr.values import EXPIRED, Kind

PREFIX = "S"


@transactions.atomic_retry
def scan_code(*, payload: str, payer_id: uuid.UUID, amount_minor: int | None = None) -> Scan:
    """Open what a scanned code stands for, and hold it for this payer.

    Our own EMVCo codes and links are taken, in any case of letters, if `classify` calls
    them valid and they agree with what the server knows. A dynamic code's
    order gets its payment now, which waits for the payer's confirmation; the first
    payer to scan holds it, and scanning again shows the same order. A static code makes
    a new order each time; with an amount it gets its payment at once, without one the
    payer types it next (`set_amount`).

    Args:
        payload: the text in the code, as read.
        payer_id: the wallet user who scans.
        amount_minor: what the payer typed, in minor units; for static codes only.

    Raises:
        rules.CodeUnreadable: the code is broken, or contradicts itself or the server.
        rules.CurrencyNotTaken: it names another currency than the merchant's.
        rules.NetworkUnsupported, rules.CodeUnknown: no code of ours, or no such till.
        rules.OrderCodeExpired, rules.OrderClosed, rules.OrderPaid, rules.BeingPaid: too late.
        rules.AmountFixed: an amount for an order that has one.
        rules.MerchantNotActive, rules.PlaceClosed, rules.AmountOutOfRange: see the rules.
        and what the wallet refuses when the payment is made (limits, frozen, own code).

    Locks: the order.
    """
    code = _read(payload, payer_id)
    token = code["token"]
    if not token:
        return _scan_static(code, payer_id, amount_minor)
    order = _locked_by_token(token)
    if order is not None:
        _check_code(code, order.merchant, order.amount_minor)
        if amount_minor not in {None, order.amount_minor}:
            raise rules.AmountFixed(field="amount")
        return hold_order(order=order, payer_id=payer_id)
    if wallet.offers_hold(token):
        return _hold_freeze(token, payer_id, amount_minor)
    till = queries.till_by_token(token)
    if till is None:
        raise rules.CodeUnknown()
    return _open_static(till.merchant, till, till.code, payer_id, amount_minor)


def _hold_freeze(token: str, payer_id: uuid.UUID, amount_minor: int | None) -> Scan:
    """Hold an offered freeze for this payer, who agrees to it next with the PIN."""
    if amount_minor is not None:
        raise rules.AmountFixed(field="amount")
    offered, _ = wallet.offered_hold(token=token)
    payee = merchant(offered.payee_id)
    if payee.state != MerchantState.APPROVED:
        raise rules.MerchantNotActive(state=payee.state)
    outcome = wallet.claim_hold(token=token, payer_id=payer_id)
    return queries.scan_of_freeze(outcome.authorisation, outcome.operation)


def _read(payload: str, payer_id: uuid.UUID) -> Mapping[str, str]:
    """Give the contents of a code of ours; a link says no more than its `token`."""
    reading = classify(payload, house=queries.house(), at=clock.now())
    token = reading.details.get("token", "")
    if reading.errors == (EXPIRED,):
        # Who holds the order already may look at it again; the order's own time counts.
        if not token or not Order.objects.filter(token=token, scanned_by=payer_id).exists():
            raise rules.OrderCodeExpired()
    elif reading.errors:
        raise rules.CodeUnreadable(field="payload", errors=",".join(reading.errors))
    if reading.profile != OWN or reading.kind is Kind.PAYCODE:
        raise rules.NetworkUnsupported(kind=reading.kind.value, profile=reading.profile)
    return reading.details if reading.kind is Kind.MPM else {"token": reading.fields["token"]}


def _check_code(
    code: Mapping[str, str], merchant: Merchant, amount_minor: int | None = None
) -> int | None:
    """Compare what a code says with what the server knows; give the amount it names.

    The server's word counts either way; a code that contradicts it has been altered, and
    its payer would be shown one thing by another app and charged another by us.

    Raises:
        rules.CodeUnreadable: merchant or amount are not the server's.
        rules.CurrencyNotTaken: the currency is not the merchant's.
    """
    if "merchant_id" not in code:
        return amount_minor
    if code["merchant_id"] != merchant.merchant_number:
        raise rules.CodeUnreadable(field="payload", errors="field_invalid(26.01)")
    if code["currency"] != CURRENCIES[merchant.currency].numeric:
        raise rules.CurrencyNotTaken(field="payload", currency=code["currency"])
    if not code["amount"]:
        return amount_minor
    named_minor = parse_amount(code["amount"].rstrip("."), merchant.currency)
    if amount_minor not in {None, named_minor}:
        raise rules.CodeUnreadable(field="payload", errors="field_invalid(54)")
    return named_minor


def _scan_static(code: Mapping[str, str], payer_id: uuid.UUID, amount_minor: int | None) -> Scan:
    """Open a printed code; the amount it may name is fixed, else the payer's counts."""
    merchant, till = queries.till_by_code(merchant_number=code["merchant_id"], code=code["till_id"])
    if till is None and code["till_id"]:
        raise rules.CodeUnknown(till=code["till_id"])
    named_minor = _check_code(code, merchant)
    if named_minor is not None and amount_minor not in {None, named_minor}:
        raise rules.AmountFixed(field="amount")
    if named_minor is None:
        named_minor = amount_minor
    return _open_static(merchant, till, code["till_id"], payer_id, named_minor)


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
        details |= {"app_id": app.app_number, "notify_url": app.notify_url}
    if till is not None:
        details |= {"store_id": till.store.code, "terminal_id": till.code}
    return details
