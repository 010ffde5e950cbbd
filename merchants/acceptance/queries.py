"""Questions about trades and orders."""

import secrets
import uuid
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from config.kernel import clock
from merchants.acceptance import jws
from merchants.acceptance.models import Order
from merchants.acceptance.rules import CodeUnknown, TradeNotFound
from merchants.acceptance.values import OrderStatus, Scan, ScanKind
from merchants.onboarding.models import Merchant, Till
from merchants.onboarding.queries import merchant
from wallet.money import CURRENCIES, format_amount
from wallet.public import (
    AuthorisationView,
    LockedPayment,
    OperationStatus,
    OperationUnknown,
    OperationView,
    PaymentStatus,
    PaymentView,
    RefundView,
    authorisation_of_payee,
    find_authorisation,
    locked_payment_of,
    offered_hold,
    payer_texts,
    payment,
    payment_by_number,
    payment_by_reference,
)
from wallet.public import (
    refund as wallet_refund,
)
from wallet.qr import merchant_code
from wallet.qr.classify import House


def trade(*, merchant_id: uuid.UUID, number: str = "", reference: str = "") -> PaymentView:
    """A merchant's trade by our number or by its own; where both are given ours decides.

    An order that nobody has scanned is no trade yet.

    Raises:
        TradeNotFound: there is none, or it is another merchant's.
    """
    payment = None
    if number:
        payment = payment_by_number(payee_id=merchant_id, number=number)
    elif reference:
        payment = payment_by_reference(payee_id=merchant_id, reference=reference)
    if payment is None:
        raise TradeNotFound()
    return payment


def locked_trade(*, merchant_id: uuid.UUID, number: str = "", reference: str = "") -> LockedPayment:
    """A merchant's trade as `trade` finds it, its row locked in the caller's transaction.

    Raises:
        TradeNotFound: there is none, or it is another merchant's.
    """
    payment = None
    if number or reference:
        payment = locked_payment_of(payee_id=merchant_id, number=number, reference=reference)
    if payment is None:
        raise TradeNotFound()
    return payment


def authorisation(
    *, merchant_id: uuid.UUID, number: str = "", reference: str = "", offered: bool = False
) -> AuthorisationView:
    """A merchant's authorisation by our number or by its own; ours decides.

    One that is offered in a code and nobody has scanned is found only where `offered`.

    Raises:
        AuthorisationUnknown: there is none, or it is another merchant's.
    """
    look = find_authorisation if offered else authorisation_of_payee
    return look(payee_id=merchant_id, number=number, reference=reference)


def refund(
    *, merchant_id: uuid.UUID, request_no: str, number: str = "", reference: str = ""
) -> tuple[PaymentView, RefundView | None]:
    """A trade and its refund with this request number, None where there is none.

    Raises:
        TradeNotFound: there is no such trade.
    """
    payment = trade(merchant_id=merchant_id, number=number, reference=reference)
    return payment, wallet_refund(payment_id=payment.id, request_no=request_no)


def own_host() -> str:
    """Our host as it stands in codes: name and port, no scheme."""
    public: str = settings.PUBLIC_URL
    return urlsplit(public).netloc.lower()


def house() -> House:
    """What makes a scanned code one of ours."""
    return House(
        hosts=(own_host(),),
        guid=settings.SAOMA_MERCHANT_GUID,
        prefix=settings.SAOMA_PAYCODE_PREFIX,
    )


def order_link(token: str) -> str:
    """The address of an order's or a till's code, for any camera."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/q/{token}"


def order_code_text(order: Order) -> str:
    """The EMVCo code (dynamic) of an order, good until its code expires."""
    order_code = merchant_code.Order(
        amount=format_amount(order.amount_minor or 0, order.currency),
        link=merchant_code.order_link(host=own_host(), token=order.token),
        reference=merchant_code.latin(order.reference, 25),
        expires_at=order.code_expires_at,
    )
    return merchant_code.dynamic_code(_shop(order.merchant, order.till_code), order_code)


def till_code_text(till: Till) -> str:
    """The EMVCo code (static) that a till shows or a poster carries."""
    return merchant_code.static_code(_shop(till.merchant, till.code, store=till.store.name))


def order_by_token(token: str) -> Order:
    """An order by the capability in its code.

    Raises:
        CodeUnknown: there is none.
    """
    order = Order.objects.select_related("merchant").filter(token=token).first()
    if order is None:
        raise CodeUnknown()
    return order


def order_of_owner(reference: str, *, owner_id: uuid.UUID, app_number: str) -> Order | None:
    """The order that a merchant of the owner's, whose app it is, knows by this number."""
    rows = Order.objects.select_related("merchant").filter(merchant__owner_id=owner_id)
    return rows.filter(reference=reference, details__app_id=app_number).first()


def till_by_token(token: str) -> Till | None:
    """A till by the capability in its printed link."""
    rows = Till.objects.select_related("merchant", "store")
    return rows.filter(token=token).first()


def till_by_code(*, merchant_number: str, code: str) -> tuple[Merchant, Till | None]:
    """The merchant and till that a static code names; the till may be unknown to us.

    Raises:
        CodeUnknown: there is no such merchant.
    """
    merchant = Merchant.objects.filter(merchant_number=merchant_number).first()
    if merchant is None:
        raise CodeUnknown()
    till = Till.objects.select_related("store").filter(merchant=merchant, code=code).first()
    return merchant, till


def scan(scan_id: uuid.UUID, *, payer_id: uuid.UUID) -> Scan:
    """An order as the payer who scanned it sees it.

    Raises:
        CodeUnknown: there is none, or somebody else scanned it.
    """
    scanned_order = Order.objects.select_related("merchant").filter(id=scan_id, scanned_by=payer_id)
    order = scanned_order.first()
    if order is None:
        return _freeze_scan(scan_id, payer_id)
    return scan_of(order)


def _freeze_scan(scan_id: uuid.UUID, payer_id: uuid.UUID) -> Scan:
    try:
        authorisation, freeze = offered_hold(operation_id=scan_id)
    except OperationUnknown as error:
        raise CodeUnknown() from error
    if authorisation.payer_id != payer_id:
        raise CodeUnknown()
    return scan_of_freeze(authorisation, freeze)


def scan_of_freeze(authorisation: AuthorisationView, freeze: OperationView) -> Scan:
    """What may be shown of an offered freeze to whoever holds its token."""
    return Scan(
        id=freeze.id,
        kind=ScanKind.AUTHORISATION,
        status=freeze_status(authorisation, freeze, at=clock.now()),
        reference=authorisation.reference,
        merchant_number=merchant(authorisation.payee_id).merchant_number,
        merchant_name=authorisation.payee_name,
        description=authorisation.title,
        amount_minor=freeze.amount_minor,
        currency=authorisation.currency,
        payment_id=None,
        payment_number=authorisation.number,
        needs_pin=True,
        expires_at=freeze.expires_at or freeze.created_at,
        authorisation_id=authorisation.id,
    )


def freeze_status(
    authorisation: AuthorisationView, freeze: OperationView, *, at: datetime
) -> OrderStatus:
    """Where an offered freeze stands at a moment."""
    if freeze.status is OperationStatus.SUCCESS:
        return OrderStatus.PAID
    if freeze.status is OperationStatus.CLOSED:
        return OrderStatus.CLOSED
    if freeze.expires_at is not None and freeze.expires_at <= at:
        return OrderStatus.EXPIRED
    return OrderStatus.CREATED if authorisation.payer_id is None else OrderStatus.PAYING


def scan_of(order: Order) -> Scan:
    """What may be shown of an order to whoever holds its token."""
    paid_by = None if order.payment_id is None else payment(order.payment_id)
    return Scan(
        id=order.id,
        kind=ScanKind(order.kind),
        status=status_of(order, paid_by, at=clock.now()),
        reference=order.reference,
        merchant_number=order.merchant.merchant_number,
        merchant_name=order.merchant.name,
        description=order.description,
        amount_minor=order.amount_minor,
        currency=order.currency,
        payment_id=order.payment_id,
        payment_number="" if paid_by is None else paid_by.number,
        needs_pin=paid_by is not None and paid_by.needs_pin,
        expires_at=order.code_expires_at if paid_by is None else paid_by.expires_at,
        texts=payer_texts(order.details),
    )


def status_of(order: Order, paid_by: PaymentView | None, *, at: datetime) -> OrderStatus:
    """Where an order stands at a moment, from its payment where it has one."""
    if paid_by is not None:
        if paid_by.status in {PaymentStatus.PAID, PaymentStatus.FINISHED}:
            return OrderStatus.PAID
        if paid_by.status is PaymentStatus.CLOSED:
            return OrderStatus.CLOSED
        return OrderStatus.PAYING if at < paid_by.expires_at else OrderStatus.EXPIRED
    if order.closed_at is not None:
        return OrderStatus.CLOSED
    if order.code_expires_at <= at:
        return OrderStatus.EXPIRED
    return OrderStatus.CREATED if order.scanned_by is None else OrderStatus.SCANNED


def signed_order(order: Order) -> str:
    """The order as a JWS (ES256), for an app that verifies before it shows.

    Payload: order, merchant {id, name}, amount (text, major units), currency, status,
    iat, exp (epoch seconds), nonce.
    """
    scan = scan_of(order)
    claims = {
        "order": scan.reference,
        "merchant": {"id": scan.merchant_number, "name": scan.merchant_name},
        "amount": None
        if scan.amount_minor is None
        else format_amount(scan.amount_minor, scan.currency),
        "currency": scan.currency,
        "status": scan.status.value.lower(),
        "iat": int(clock.now().timestamp()),
        "exp": int(scan.expires_at.timestamp()),
        "nonce": secrets.token_urlsafe(12),
    }
    return jws.sign_claims(claims, jws.order_key(settings.DERIVATION_KEY))


def _shop(merchant: Merchant, till_code: str, *, store: str = "") -> merchant_code.Shop:
    return merchant_code.Shop(
        guid=settings.SAOMA_MERCHANT_GUID,
        merchant_number=merchant.merchant_number,
        mcc=merchant.mcc,
        currency=CURRENCIES[merchant.currency].numeric,
        country=merchant.country,
        name=merchant.name,
        latin_name=merchant.short_name,
        city=merchant.city,
        till_id=till_code,
        store_label=store,
    )
