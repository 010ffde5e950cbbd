"""Pre-authorisation as a hotel's system sees it, from the freeze to the bill."""

from typing import Any

import pytest
from django.core.management import call_command

from merchants.acceptance.rules import MerchantNotActive
from merchants.acceptance.usecases.scan import scan_code
from merchants.notifications.models import Notification
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.settlement.models import SettlementBatch
from tests.factories.accounts import PIN, available_minor, fund, make_user
from tests.factories.authorisations import arrears_minor, exposure_minor, held_minor, make_trusted
from tests.factories.clock import advance, later
from tests.factories.world import let_work_run
from tests.gateway.hotels import check_out, freeze
from tests.gateway.rows_fund_auth import CANCEL, DETAIL, FREEZE, UNFREEZE, VOUCHER, deposit
from tests.gateway.world import Shop, fresh_code, make_shop, new_order
from wallet.accounts.models import WalletUser
from wallet.authorisations.models import Authorisation
from wallet.authorisations.rules import PayerDiffers
from wallet.authorisations.usecases.confirm_hold import confirm_hold
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WAIVED = {"extra_param": '{"category":"HOTEL"}'}


def test_unknown_guest_is_frozen_whole_and_gets_the_rest_back(
    hotel: Shop, guest: WalletUser
) -> None:
    node = freeze(hotel, guest, **WAIVED).node
    assert (node["code"], node["status"], "pre_auth_type" in node) == ("10000", "SUCCESS", False)
    assert (node["fund_amount"], node["credit_amount"]) == ("800.00", "0.00")
    assert (held_minor(guest), available_minor(guest)) == (800_00, 1_200_00)
    paid = check_out(hotel, node["auth_no"]).node
    assert (paid["code"], paid["buyer_pay_amount"], paid["buyer_user_id"]) == (
        "10000",
        "420.00",
        guest.user_number,
    )
    assert (held_minor(guest), available_minor(guest)) == (0, 1_580_00)


def test_trusted_guest_is_vouched_for(hotel: Shop) -> None:
    guest = make_trusted()
    node = freeze(hotel, guest, **WAIVED).node
    assert (node["fund_amount"], node["credit_amount"]) == ("0.00", "800.00")
    assert node["pre_auth_type"] == "CREDIT_AUTH"
    assert exposure_minor(guest) == 800_00


@pytest.mark.parametrize(
    "wish",
    [
        {"extra_param": {"category": "HOTEL", "serviceId": "1"}},
        {"deposit_product_mode": "POSTPAY"},
        {"enable_pay_channels": '[{"payChannelType":"CREDITZHIMA"}]'},
        {"enable_pay_channels": [{"payChannelType": "CREDITZHIMA"}]},
    ],
)
def test_waiver_is_asked_for_in_any_of_three_ways(hotel: Shop, wish: dict[str, Any]) -> None:
    guest = make_trusted(balance_minor=900_00)
    assert freeze(hotel, guest, **wish).node["credit_amount"] == "800.00"
    assert freeze(hotel, guest).node["credit_amount"] == "0.00"


def test_empty_wallet_is_owed_and_the_top_up_pays(hotel: Shop) -> None:
    guest = make_trusted(points=640)
    auth_no = freeze(hotel, guest, **WAIVED).node["auth_no"]
    assert check_out(hotel, auth_no).node["code"] == "10000"
    assert arrears_minor(guest) == 420_00
    fund(guest, 500_00)
    let_work_run()
    assert (arrears_minor(guest), available_minor(guest)) == (0, 80_00)
    assert verify_ledger().passed


def test_large_freeze_waits_for_the_pin(hotel: Shop, guest: WalletUser) -> None:
    node = freeze(hotel, guest, amount="1500.00").node
    assert (node["code"], node["status"]) == ("10003", "INIT")
    named = {"auth_no": node["auth_no"], "operation_id": node["operation_id"]}
    assert check_out(hotel, node["auth_no"]).sub_code == "ACQ.AUTH_ORDER_NOT_PAID"
    agree(guest)
    told = hotel.ask(DETAIL, **named).node
    assert (told["status"], told["order_status"], told["rest_amount"]) == (
        "SUCCESS",
        "AUTHORIZED",
        "1500.00",
    )


def agree(guest: WalletUser) -> None:
    """The guest agrees to what waits, on the phone."""
    waiting = Authorisation.objects.get(payer_id=guest.id, status="INIT")
    confirm_hold(authorisation_id=waiting.id, payer_id=guest.id, pin=PIN)


def test_voucher_is_scanned_and_agreed_to(
    hotel: Shop, guest: WalletUser, capsys: pytest.CaptureFixture[str]
) -> None:
    content = deposit(hotel, guest)
    told = hotel.ask(VOUCHER, **content).node
    numbers = {name: content[name] for name in ("out_order_no", "out_request_no")}
    assert hotel.ask(DETAIL, **numbers).sub_code == "AUTH_ORDER_NOT_EXIST"
    call_command("scan", told["code_value"], "--buyer", guest.user_number, "--pay", "--pin", PIN)
    assert '"status": "PAID"' in capsys.readouterr().out
    found = hotel.ask(DETAIL, **numbers).node
    assert (found["order_status"], found["payer_user_id"]) == ("AUTHORIZED", guest.user_number)
    assert held_minor(guest) == 30_00


def test_voucher_that_was_agreed_to_is_finished_and_closed_once_cancelled(
    hotel: Shop, guest: WalletUser
) -> None:
    content = deposit(hotel, guest)
    link = hotel.ask(VOUCHER, **content).node["code_value"]
    scan_code(payload=link, payer_id=guest.id)
    assert hotel.ask(VOUCHER, **content).node["code_value"] == link
    agree(guest)
    assert hotel.ask(VOUCHER, **content).sub_code == "ORDER_ALREADY_FINISH"
    other = hotel.ask(VOUCHER, **(content | {"amount": "31.00"}))
    assert other.sub_code == "REQUEST_CONTEXT_INCONSISTENT"
    numbers = {name: content[name] for name in ("out_order_no", "out_request_no")}
    assert hotel.ask(CANCEL, **numbers, remark="no").node["action"] == "unfreeze"
    assert hotel.ask(VOUCHER, **content).sub_code == "ORDER_ALREADY_CLOSED"


def test_voucher_cannot_offer_what_was_frozen_by_code(hotel: Shop, guest: WalletUser) -> None:
    content = deposit(hotel, guest)
    code = {"auth_code": fresh_code(guest), "auth_code_type": "bar_code"}
    assert hotel.ask(FREEZE, **content, **code).node["status"] == "SUCCESS"
    assert hotel.ask(VOUCHER, **content).sub_code == "REQUEST_CONTEXT_INCONSISTENT"


def test_voucher_has_a_page_of_its_own(hotel: Shop, guest: WalletUser) -> None:
    link = hotel.ask(VOUCHER, **deposit(hotel, guest)).node["code_value"]
    page = hotel.http.get("/" + link.split("/", 3)[3])
    assert (page.status_code, "30.00" in page.content.decode()) == (200, True)


def test_voucher_of_a_suspended_merchant_is_not_held(hotel: Shop, guest: WalletUser) -> None:
    link = hotel.ask(VOUCHER, **deposit(hotel, guest)).node["code_value"]
    suspend_merchant(merchant_id=hotel.merchant.id, actor="operator:mia", reason="test")
    with pytest.raises(MerchantNotActive):
        scan_code(payload=link, payer_id=guest.id)


def test_second_to_scan_a_voucher_is_refused(hotel: Shop, guest: WalletUser) -> None:
    link = hotel.ask(VOUCHER, **deposit(hotel, guest)).node["code_value"]
    first = scan_code(payload=link, payer_id=guest.id)
    assert (first.kind, first.status) == ("AUTHORISATION", "PAYING")
    with pytest.raises(PayerDiffers):
        scan_code(payload=link, payer_id=make_user().id)


def test_unscanned_voucher_can_be_cancelled(hotel: Shop, guest: WalletUser) -> None:
    content = deposit(hotel, guest)
    hotel.ask(VOUCHER, **content)
    numbers = {name: content[name] for name in ("out_order_no", "out_request_no")}
    assert hotel.ask(CANCEL, **numbers).node["sub_msg"] == "参数异常, 缺少必选参数: remark"
    assert hotel.ask(CANCEL, **numbers, remark="no").node["action"] == "close"
    assert hotel.ask(VOUCHER, **content).sub_code == "ORDER_ALREADY_CLOSED"


def test_time_to_agree_is_the_merchants(hotel: Shop, guest: WalletUser) -> None:
    content = deposit(hotel, guest) | {"pay_timeout": "5m"}
    hotel.ask(VOUCHER, **content)
    later(minutes=5, seconds=1)
    let_work_run()
    assert hotel.ask(VOUCHER, **content).sub_code == "ORDER_ALREADY_CLOSED"


@pytest.mark.parametrize("bad", ["0m", "16d", "30s", "soon"])
def test_bad_time_to_agree_is_refused(hotel: Shop, guest: WalletUser, bad: str) -> None:
    answer = freeze(hotel, guest, pay_timeout=bad)
    assert answer.sub_code == "ILLEGAL_ARGUMENT"
    assert "pay_timeout" in answer.node["sub_msg"]


def test_parts_are_captured_until_nothing_is_left(hotel: Shop, guest: WalletUser) -> None:
    auth_no = freeze(hotel, guest).node["auth_no"]
    part = {"auth_confirm_mode": "NOT_COMPLETE"}
    assert check_out(hotel, auth_no, "300.00", **part).node["code"] == "10000"
    assert check_out(hotel, auth_no, "500.01").sub_code == "ACQ.AUTH_AMOUNT_NOT_ENOUGH"
    assert check_out(hotel, auth_no, "500.00", **part).node["code"] == "10000"
    assert check_out(hotel, auth_no, "0.01").sub_code == "ACQ.AUTH_ORDER_HAS_FINISHED"


def test_capture_says_what_stands_against_it(hotel: Shop, guest: WalletUser) -> None:
    auth_no = freeze(hotel, guest).node["auth_no"]
    assert check_out(hotel, "2026010130000000000000000000").sub_code == "ACQ.AUTH_NO_ERROR"
    assert check_out(make_shop("Other"), auth_no).sub_code == "ACQ.AUTH_NO_ERROR"
    wrong = check_out(hotel, auth_no, product_code="PRE_AUTH_ONLINE")
    assert wrong.sub_code == "ACQ.PRE_AUTH_PROD_CODE_INCONSISTENT"
    assert check_out(hotel, "").sub_code == "ACQ.INVALID_PARAMETER"
    stranger = check_out(hotel, auth_no, buyer_id=make_user().user_number)
    assert stranger.sub_code == "ACQ.TRADE_BUYER_NOT_MATCH"
    everything = {"auth_no": auth_no, "amount": "800.00", "out_request_no": "U", "remark": "gone"}
    assert hotel.ask(UNFREEZE, **everything).node["status"] == "SUCCESS"
    assert check_out(hotel, auth_no).sub_code == "ACQ.AUTH_ORDER_HAS_CLOSED"


def test_same_bill_twice_is_paid_once(hotel: Shop, guest: WalletUser) -> None:
    auth_no = freeze(hotel, guest).node["auth_no"]
    bill = {"out_trade_no": new_order(), "auth_confirm_mode": "NOT_COMPLETE"}
    assert check_out(hotel, auth_no, **bill).node["code"] == "10000"
    assert check_out(hotel, auth_no, **bill).sub_code == "ACQ.TRADE_HAS_SUCCESS"
    assert check_out(hotel, auth_no, "1.00", **bill).sub_code == "ACQ.CONTEXT_INCONSISTENT"
    assert held_minor(guest) == 380_00


def test_captured_trade_is_queried_and_refunded_like_any_other(
    hotel: Shop, guest: WalletUser
) -> None:
    auth_no = freeze(hotel, guest).node["auth_no"]
    number = check_out(hotel, auth_no).node["out_trade_no"]
    found = hotel.ask("alipay.trade.query", out_trade_no=number).node
    assert (found["trade_status"], found["total_amount"]) == ("TRADE_SUCCESS", "420.00")
    back = hotel.ask("alipay.trade.refund", out_trade_no=number, refund_amount="420.00").node
    assert (back["code"], back["fund_change"]) == ("10000", "Y")
    assert available_minor(guest) == 2_000_00


def test_query_tells_of_each_kind_of_operation(hotel: Shop, guest: WalletUser) -> None:
    node = freeze(hotel, guest).node
    auth_no = node["auth_no"]
    paid = check_out(hotel, auth_no, auth_confirm_mode="NOT_COMPLETE").node
    hotel.ask(UNFREEZE, auth_no=auth_no, amount=80, out_request_no="U1", remark="part")
    numbers = {
        "FREEZE": node["out_request_no"],
        "UNFREEZE": "U1",
        "PAY": paid["out_trade_no"],
    }
    for kind, number in numbers.items():
        told = hotel.ask(DETAIL, auth_no=auth_no, out_request_no=number, operation_type=kind).node
        assert (told["operation_type"], told["status"]) == (kind, "SUCCESS")
        assert (told["rest_amount"], told["total_pay_amount"]) == ("300.00", "420.00")
    unknown = hotel.ask(DETAIL, auth_no=auth_no, out_request_no="NEVER")
    assert unknown.sub_code == "AUTH_OPERATION_NOT_EXIST"


def test_merchant_is_told_of_freeze_and_unfreeze(hotel: Shop, guest: WalletUser) -> None:
    content = deposit(hotel, guest) | {
        "auth_code": fresh_code(guest),
        "auth_code_type": "bar_code",
    }
    asked = hotel.params(FREEZE, content, notify_url="http://127.0.0.1:9/n")
    auth_no = hotel.send(asked).node["auth_no"]
    hotel.ask(UNFREEZE, auth_no=auth_no, amount="30.00", out_request_no="U1", remark="all")
    let_work_run()
    told = Notification.objects.filter(trade_no=auth_no).order_by("sequence")
    frozen, released = [row.params for row in told]
    assert (frozen["notify_type"], frozen["operation_type"]) == ("fund_auth_freeze", "FREEZE")
    assert (frozen["amount"], frozen["payee_user_id"]) == ("30.00", hotel.merchant.merchant_number)
    assert (released["notify_type"], released["rest_amount"]) == ("fund_auth_unfreeze", "0.00")
    assert {row.url for row in told} == {"http://127.0.0.1:9/n"}


def test_life_over_everything_goes_back(hotel: Shop, guest: WalletUser) -> None:
    node = freeze(hotel, guest).node
    later(days=30, seconds=1)
    let_work_run()
    told = hotel.ask(DETAIL, auth_no=node["auth_no"], operation_id=node["operation_id"]).node
    assert (told["order_status"], held_minor(guest)) == ("CLOSED", 0)
    assert check_out(hotel, node["auth_no"]).sub_code == "ACQ.AUTH_ORDER_HAS_CLOSED"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"auth_code": "28123"}, "PAYMENT_AUTH_CODE_INVALID"),
        ({"auth_code_type": "nfc"}, "ILLEGAL_ARGUMENT"),
        ({"auth_code_type": "security_code", "auth_code": "fp1"}, "PAYMENT_AUTH_CODE_INVALID"),
        ({"amount": "0"}, "ILLEGAL_ARGUMENT"),
        ({"amount": "1.001"}, "ILLEGAL_ARGUMENT"),
        ({"amount": "100000000.01"}, "ILLEGAL_ARGUMENT"),
        ({"order_title": ""}, "ILLEGAL_ARGUMENT"),
        ({"product_code": "FACE_TO_FACE_PAYMENT"}, "ILLEGAL_ARGUMENT"),
        ({"payee_user_id": "2088000000000000"}, "PAYEE_NOT_EXIST"),
        ({"payee_logon_id": "+8613000000000"}, "PAYEE_NOT_EXIST"),
        ({"payee_logon_id": "nobody@example.com"}, "PAYEE_NOT_EXIST"),
        ({"extra_param": "HOTEL"}, "ILLEGAL_ARGUMENT"),
        ({"extra_param": "{'category':'HOTEL'}"}, "ILLEGAL_ARGUMENT"),
        ({"extra_param": '["HOTEL"]'}, "ILLEGAL_ARGUMENT"),
        ({"extra_param": ["HOTEL"]}, "ILLEGAL_ARGUMENT"),
        ({"extra_param": "[" * 5_000}, "ILLEGAL_ARGUMENT"),
        ({"extra_param": '{"a":"\\ud800"}'}, "ILLEGAL_ARGUMENT"),
        ({"extra_param": '{"category":"HOTEL"}'}, "10000"),
        ({"amount": "5000.00"}, "10003"),
    ],
)
def test_freeze_says_what_is_wrong(
    hotel: Shop, guest: WalletUser, change: dict[str, Any], code: str
) -> None:
    answer = freeze(hotel, guest, **change)
    assert (answer.sub_code or answer.node["code"]) == code


def test_payee_may_be_named_by_the_owners_login(hotel: Shop, guest: WalletUser) -> None:
    owner = WalletUser.objects.get(id=hotel.merchant.owner_id)
    assert freeze(hotel, guest, payee_logon_id=owner.phone).node["code"] == "10000"
    stranger = freeze(hotel, guest, payee_logon_id=guest.phone)
    assert stranger.sub_code == "PAYEE_NOT_EXIST"
    offered = deposit(hotel, guest) | {"payee_logon_id": guest.phone}
    assert hotel.ask(VOUCHER, **offered).sub_code == "PAYEE_NOT_EXIST"


def test_too_little_money_is_said(hotel: Shop) -> None:
    poor = make_user(balance_minor=1_00)
    assert freeze(hotel, poor).sub_code == "PAYER_BALANCE_NOT_ENOUGH"


def test_owner_cannot_freeze_the_own_wallet(guest: WalletUser) -> None:
    assert freeze(make_shop("Own", owner=guest), guest).sub_code == "PAYER_PAYEE_EQUAL"


def test_captures_are_settled_like_sales_also_where_the_guest_owes(hotel: Shop) -> None:
    guest = make_trusted(points=640)
    owed = freeze(hotel, guest, **WAIVED).node["auth_no"]
    fund(guest, 800_00)
    held = freeze(hotel, guest, deposit_product_mode="").node["auth_no"]
    for auth_no in (owed, held):
        assert check_out(hotel, auth_no).node["code"] == "10000"
    let_work_run()
    advance(days=1)
    let_work_run()
    [batch] = SettlementBatch.objects.filter(merchant=hotel.merchant, gross_minor__gt=0)
    assert (batch.gross_minor, batch.payment_count) == (840_00, 2)
    assert verify_ledger().passed
