"""scan_code: the first payer to scan has the order; the server says what it costs."""

from datetime import timedelta

import pytest

from config.kernel import clock
from merchants.acceptance import queries, rules
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.pay_into_escrow import pay_request
from merchants.acceptance.usecases.precreate import precreate_order
from merchants.acceptance.usecases.scan import scan_code
from merchants.acceptance.usecases.set_amount import set_amount
from merchants.acceptance.values import OrderStatus, ScanKind
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.close_till import close_till
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.onboarding.values import AppCredentials
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.clock import advance
from tests.factories.merchants import (
    code_of,
    make_app,
    make_merchant,
    make_sale,
    make_seller,
    make_till,
)
from wallet import public as wallet

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> AppCredentials:
    return make_seller()


@pytest.fixture
def order(seller: AppCredentials) -> Order:
    return precreate_order(sale=make_sale(seller, 12_00))


@pytest.fixture
def payer() -> wallet.WalletUser:
    return make_user(balance_minor=100_00)


@pytest.mark.parametrize("form", ["emvco", "link", "capitals", "lower case"])
def test_opens_every_form_of_our_code(order: Order, payer: wallet.WalletUser, form: str) -> None:
    link = queries.order_link(order.token)
    payload = {
        "emvco": queries.order_code_text(order),
        "link": link,
        "capitals": link.upper(),
        "lower case": link.lower(),
    }[form]
    scan = scan_code(payload=payload, payer_id=payer.id)
    assert (scan.kind, scan.status, scan.amount_minor) == (
        ScanKind.DYNAMIC,
        OrderStatus.PAYING,
        12_00,
    )
    assert (scan.merchant_name, scan.reference) == ("包子铺", order.reference)


def test_makes_the_payment_that_the_payer_then_confirms(
    order: Order, payer: wallet.WalletUser
) -> None:
    scan = scan_code(payload=queries.order_code_text(order), payer_id=payer.id)
    assert scan.payment_id is not None
    wallet.confirm_payment(payment_id=scan.payment_id, payer_id=payer.id, pin=PIN)
    assert queries.scan(scan.id, payer_id=payer.id).status is OrderStatus.PAID
    assert available_minor(payer) == 88_00


def test_shows_the_same_scan_to_the_payer_who_scans_again(
    order: Order, payer: wallet.WalletUser
) -> None:
    payload = queries.order_code_text(order)
    first, again = (scan_code(payload=payload, payer_id=payer.id) for _ in range(2))
    assert first == again


def test_tells_a_second_payer_that_it_is_being_paid(order: Order, payer: wallet.WalletUser) -> None:
    payload = queries.order_code_text(order)
    scan_code(payload=payload, payer_id=payer.id)
    with pytest.raises(rules.BeingPaid):
        scan_code(payload=payload, payer_id=make_user().id)


def test_tells_a_second_payer_that_it_has_been_paid(order: Order, payer: wallet.WalletUser) -> None:
    payload = queries.order_code_text(order)
    scan = scan_code(payload=payload, payer_id=payer.id)
    assert scan.payment_id is not None
    wallet.confirm_payment(payment_id=scan.payment_id, payer_id=payer.id, pin=PIN)
    with pytest.raises(rules.OrderPaid):
        scan_code(payload=payload, payer_id=make_user().id)


def test_tells_a_second_payer_that_it_is_over_when_the_first_let_it_lapse(
    order: Order, payer: wallet.WalletUser
) -> None:
    payload = queries.order_code_text(order)
    scan_code(payload=payload, payer_id=payer.id)
    advance(minutes=6)
    with pytest.raises((rules.OrderClosed, rules.OrderCodeExpired)):
        scan_code(payload=payload, payer_id=make_user().id)


def test_refuses_a_code_that_nobody_scanned_in_time(order: Order, payer: wallet.WalletUser) -> None:
    link = queries.order_link(order.token)
    advance(minutes=6)
    with pytest.raises(rules.OrderCodeExpired):
        scan_code(payload=link, payer_id=payer.id)


def test_refuses_an_order_that_a_till_has_charged_meanwhile(
    seller: AppCredentials, payer: wallet.WalletUser
) -> None:
    sale = make_sale(seller)
    order = precreate_order(sale=sale)
    request = pay_request(sale, now=clock.now())
    wallet.pay_by_code(request=request, code=code_of(make_user(balance_minor=100_00)))
    with pytest.raises((wallet.PaymentAlreadyPaid, wallet.PayerMismatch)):
        scan_code(payload=queries.order_link(order.token), payer_id=payer.id)


def test_refuses_another_amount_for_an_order_that_has_one(
    order: Order, payer: wallet.WalletUser
) -> None:
    with pytest.raises(rules.AmountFixed):
        scan_code(payload=queries.order_code_text(order), payer_id=payer.id, amount_minor=1)


def test_refuses_the_merchants_owner(payer: wallet.WalletUser) -> None:
    order = precreate_order(sale=make_sale(make_seller(owner_id=payer.id)))
    with pytest.raises(wallet.PayeeIsPayer):
        scan_code(payload=queries.order_code_text(order), payer_id=payer.id)


def test_refuses_the_code_of_a_suspended_merchant(order: Order, payer: wallet.WalletUser) -> None:
    suspend_merchant(merchant_id=order.merchant_id, actor="operator:mia", reason="complaints")
    with pytest.raises(rules.MerchantNotActive):
        scan_code(payload=queries.order_code_text(order), payer_id=payer.id)


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        pytest.param("", rules.CodeUnreadable, id="nothing"),
        pytest.param("hello", rules.CodeUnreadable, id="a word"),
        pytest.param("000201010211", rules.CodeUnreadable, id="a broken code"),
        pytest.param("https://qr.alipay.com/bax01234", rules.NetworkUnsupported, id="another's"),
        pytest.param("upi://pay?pa=shop@bank&pn=Shop", rules.NetworkUnsupported, id="UPI"),
    ],
)
def test_says_why_a_code_is_none_of_ours(
    payer: wallet.WalletUser, payload: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        scan_code(payload=payload, payer_id=payer.id)


def test_refuses_a_static_code_of_a_merchant_that_we_never_had(
    payer: wallet.WalletUser,
) -> None:
    till = make_till(make_merchant())
    till.merchant.merchant_number = "2088999999999999"
    with pytest.raises(rules.CodeUnknown):
        scan_code(payload=queries.till_code_text(till), payer_id=payer.id)


def test_refuses_a_token_that_we_never_gave(payer: wallet.WalletUser) -> None:
    with pytest.raises(rules.CodeUnknown):
        scan_code(payload=queries.order_link("0" * 26), payer_id=payer.id)


@pytest.fixture
def shop() -> Merchant:
    merchant = make_merchant()
    make_app(merchant, notify_url="http://shop.example/notify")
    return merchant


@pytest.mark.parametrize("form", ["emvco", "link"])
def test_lets_the_payer_type_the_amount_of_a_static_code(
    shop: Merchant, payer: wallet.WalletUser, form: str
) -> None:
    till = make_till(shop)
    payload = queries.till_code_text(till) if form == "emvco" else queries.order_link(till.token)
    scan = scan_code(payload=payload, payer_id=payer.id)
    assert (scan.kind, scan.status, scan.amount_minor, scan.payment_id) == (
        ScanKind.STATIC,
        OrderStatus.SCANNED,
        None,
        None,
    )
    typed = set_amount(scan_id=scan.id, payer_id=payer.id, amount_minor=8_00)
    assert (typed.status, typed.amount_minor) == (OrderStatus.PAYING, 8_00)


def test_takes_the_amount_with_the_static_code(shop: Merchant, payer: wallet.WalletUser) -> None:
    payload = queries.till_code_text(make_till(shop))
    scan = scan_code(payload=payload, payer_id=payer.id, amount_minor=8_00)
    assert scan.payment_id is not None
    trade = wallet.payment(scan.payment_id)
    assert trade.details["notify_url"] == "http://shop.example/notify"
    assert (trade.details["store_id"], trade.details["terminal_id"]) == ("S1", "T1")
    assert trade.method is wallet.Method.SCAN


def test_makes_a_new_order_each_time_a_static_code_is_scanned(
    shop: Merchant, payer: wallet.WalletUser
) -> None:
    payload = queries.till_code_text(make_till(shop))
    first, second = (scan_code(payload=payload, payer_id=payer.id) for _ in range(2))
    assert first.reference != second.reference


def test_keeps_the_amount_that_was_typed_first(shop: Merchant, payer: wallet.WalletUser) -> None:
    payload = queries.till_code_text(make_till(shop))
    scan = scan_code(payload=payload, payer_id=payer.id, amount_minor=8_00)
    again = set_amount(scan_id=scan.id, payer_id=payer.id, amount_minor=8_00)
    assert again.payment_id == scan.payment_id
    with pytest.raises(rules.AmountFixed):
        set_amount(scan_id=scan.id, payer_id=payer.id, amount_minor=9_00)


def test_takes_no_amount_from_anybody_else(shop: Merchant, payer: wallet.WalletUser) -> None:
    scan = scan_code(payload=queries.till_code_text(make_till(shop)), payer_id=payer.id)
    with pytest.raises(rules.CodeUnknown):
        set_amount(scan_id=scan.id, payer_id=make_user().id, amount_minor=1_00)
    with pytest.raises(rules.CodeUnknown):
        queries.scan(scan.id, payer_id=make_user().id)


@pytest.mark.parametrize("amount_minor", [0, -1, 10**10 + 1])
def test_refuses_an_amount_that_cannot_be(
    shop: Merchant, payer: wallet.WalletUser, amount_minor: int
) -> None:
    scan = scan_code(payload=queries.till_code_text(make_till(shop)), payer_id=payer.id)
    with pytest.raises(rules.AmountOutOfRange):
        set_amount(scan_id=scan.id, payer_id=payer.id, amount_minor=amount_minor)


def test_forgets_a_static_scan_after_a_quarter_of_an_hour(
    shop: Merchant, payer: wallet.WalletUser
) -> None:
    scan = scan_code(payload=queries.till_code_text(make_till(shop)), payer_id=payer.id)
    advance(minutes=15)
    assert queries.scan(scan.id, payer_id=payer.id).status is OrderStatus.EXPIRED
    with pytest.raises(rules.OrderCodeExpired):
        set_amount(scan_id=scan.id, payer_id=payer.id, amount_minor=1_00)


def test_knows_no_static_code_of_a_till_that_is_gone(
    shop: Merchant, payer: wallet.WalletUser
) -> None:
    till = make_till(shop)
    payload = queries.till_code_text(till)
    till.delete()
    with pytest.raises(rules.CodeUnknown):
        scan_code(payload=payload, payer_id=payer.id)


def test_refuses_the_static_code_of_a_closed_till(shop: Merchant, payer: wallet.WalletUser) -> None:
    till = make_till(shop)
    close_till(till_id=till.id, owner_id=shop.owner_id)
    with pytest.raises(rules.PlaceClosed):
        scan_code(payload=queries.till_code_text(till), payer_id=payer.id)


def test_refuses_the_static_code_of_a_merchant_that_is_not_approved(
    payer: wallet.WalletUser,
) -> None:
    till = make_till(make_merchant(approved=False))
    with pytest.raises(rules.MerchantNotActive):
        scan_code(payload=queries.till_code_text(till), payer_id=payer.id)


def test_expires_with_its_payment(order: Order, payer: wallet.WalletUser) -> None:
    scan = scan_code(payload=queries.order_code_text(order), payer_id=payer.id)
    order.refresh_from_db()
    trade = wallet.payment(scan.payment_id) if scan.payment_id else None
    after = order.pay_expires_at + timedelta(seconds=1)
    assert queries.status_of(order, trade, at=after) is OrderStatus.EXPIRED
