"""Transfers from a merchant's balance, as a merchant's program sees them."""

import json
import re
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from config.kernel.outbox import relay
from merchants.notifications.models import Notification
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.factories.funds import balance_minor, give_balance
from tests.gateway.rows_transfers import OLD, UNI, own, payee, sending, sending_as_of_old, sent
from tests.gateway.v3 import send
from tests.gateway.world import Shop, make_shop, new_order
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COMMON = "alipay.fund.trans.common.query"
CARD: dict[str, Any] = {
    "identity": "6222020200011100",
    "identity_type": "BANKCARD_ACCOUNT",
    "name": "Li Hua",
    "bankcard_ext_info": {"account_type": "2"},
}


def refusal(shop: Shop, buyer: WalletUser, **changes: Any) -> str:
    """What a transfer with some content changed is told."""
    return shop.ask(UNI, **(sending(shop, buyer) | changes)).sub_code


def to_card(shop: Shop, last: str = "00", **changes: Any) -> dict[str, Any]:
    """Content of a transfer to a card whose last two digits are the bank's mood."""
    give_balance(shop.merchant, 100_00)
    return {
        "out_biz_no": new_order(),
        "trans_amount": "40.00",
        "product_code": "TRANS_BANKCARD_NO_PWD",
        "biz_scene": "DIRECT_TRANSFER",
        "payee_info": CARD | {"identity": CARD["identity"][:-2] + last},
    } | changes


def status(shop: Shop, content: dict[str, Any]) -> str:
    """How a transfer stands."""
    return str(shop.ask(COMMON, out_biz_no=content["out_biz_no"]).node["status"])


def test_transfer_moves_money_once(shop: Shop, buyer: WalletUser) -> None:
    content = sending(shop, buyer)
    first, again = shop.ask(UNI, **content).node, shop.ask(UNI, **content).node
    assert first["status"] == "SUCCESS"
    assert first["order_id"] == again["order_id"]
    assert (balance_minor(shop.merchant), available_minor(buyer)) == (99_00, 1_001_00)
    assert verify_ledger().passed


def test_query_finds_it_by_any_of_its_numbers(shop: Shop, buyer: WalletUser) -> None:
    content = sending(shop, buyer)
    made = shop.ask(UNI, **content).node
    for name in ("out_biz_no", "order_id", "pay_fund_order_id"):
        node = shop.ask(COMMON, **{name: made[name]}).node
        assert (node["order_id"], node["trans_amount"]) == (made["order_id"], "1.00")


def test_payee_is_named_by_login_with_his_name(shop: Shop, buyer: WalletUser) -> None:
    by_phone = {"identity": buyer.phone, "identity_type": "ALIPAY_LOGON_ID", "name": "Li Hua"}
    assert refusal(shop, buyer, payee_info=by_phone) == ""
    assert refusal(shop, buyer, payee_info=by_phone | {"name": "Li Hu"}) == "PAYEE_USER_INFO_ERROR"
    assert refusal(shop, buyer, payee_info=by_phone | {"name": ""}) == "INVALID_PARAMETER"
    stranger = by_phone | {"identity": "nobody@example.com"}
    assert refusal(shop, buyer, payee_info=stranger) == "PAYEE_NOT_EXIST"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"trans_amount": "0.09"}, "EXCEED_LIMIT_SM_MIN_AMOUNT"),
        ({"trans_amount": "100.01"}, "PAYER_BALANCE_NOT_ENOUGH"),
        ({"trans_amount": "50000.01"}, "EXCEED_LIMIT_PERSONAL_SM_AMOUNT"),
        ({"trans_amount": "1.001"}, "INVALID_PARAMETER"),
        ({"product_code": "STD_RED_PACKET"}, "PRODUCT_NOT_SIGN"),
        ({"product_code": "NEVER"}, "INVALID_PARAMETER"),
        ({"biz_scene": "PERSONAL_PAY"}, "INVALID_PARAMETER"),
        ({"payee_info": {"identity": "2088"}}, "INVALID_PARAMETER"),
        ({"payee_info": CARD}, "INVALID_PARAMETER"),
    ],
)
def test_transfer_is_refused(
    shop: Shop, buyer: WalletUser, changes: dict[str, Any], code: str
) -> None:
    assert refusal(shop, buyer, **changes) == code
    assert balance_minor(shop.merchant) == 100_00


def test_day_has_a_limit(shop: Shop, buyer: WalletUser, settings: Settings) -> None:
    settings.SAOMA_TRANSFER_DAILY_MINOR = 150
    assert refusal(shop, buyer) == ""
    assert refusal(shop, buyer) == "EXCEED_LIMIT_DM_MAX_AMOUNT"


def test_merchant_cannot_pay_itself(shop: Shop, buyer: WalletUser) -> None:
    themselves = payee(shop.merchant.merchant_number)
    assert refusal(shop, buyer, payee_info=themselves) == "PAYER_PAYEE_CANNOT_SAME"


def test_another_merchant_gets_it_into_its_balance(shop: Shop, buyer: WalletUser) -> None:
    other = make_shop("Noodle Bar", owner=make_user(name="Other"))
    assert refusal(shop, buyer, payee_info=payee(other.merchant.merchant_number)) == ""
    assert balance_minor(other.merchant) == 1_00


def test_refused_number_can_be_used_again(shop: Shop, buyer: WalletUser) -> None:
    content = sending(shop, buyer)
    shop.ask(UNI, **(content | {"trans_amount": "1000.00"}))
    assert shop.ask(UNI, **content).node["code"] == "10000"


@pytest.mark.parametrize("number", ["a b", "a\n", "\ta", "押1", "a\x7f", "a}", "n" * 65])
def test_number_is_printable_ascii_without_blanks(
    shop: Shop, buyer: WalletUser, number: str
) -> None:
    named = {"out_biz_no": number}
    for method, content in (
        (UNI, sending(shop, buyer)),
        (OLD, sending_as_of_old(shop, buyer)),
        (COMMON, {}),
        ("alipay.fund.trans.order.query", {}),
    ):
        answer = shop.ask(method, **(content | named))
        assert answer.sub_code == "INVALID_PARAMETER"
        assert re.fullmatch("参数有误, .+: out_biz_no", answer.node["sub_msg"])


@pytest.mark.parametrize("number", ["A_1-2.3/4", "0", "x" * 64, "a:b+c@d"])
def test_number_may_have_more_than_an_order_number(
    shop: Shop, buyer: WalletUser, number: str
) -> None:
    content = sending(shop, buyer) | {"out_biz_no": number}
    assert shop.ask(UNI, **content).node["out_biz_no"] == number
    assert shop.ask(COMMON, out_biz_no=number).node["out_biz_no"] == number


def test_amount_may_be_a_number(shop: Shop, buyer: WalletUser) -> None:
    assert refusal(shop, buyer, trans_amount=1.5) == ""
    assert available_minor(buyer) == 1_001_50


def test_card_has_it_when_the_bank_says_so(shop: Shop) -> None:
    content = to_card(shop)
    assert shop.ask(UNI, **content).node["status"] == "DEALING"
    assert (status(shop, content), balance_minor(shop.merchant)) == ("DEALING", 60_00)
    advance(seconds=5)
    assert (status(shop, content), balance_minor(shop.merchant)) == ("SUCCESS", 60_00)
    assert verify_ledger().passed


def test_card_that_is_refused_gives_it_back(shop: Shop) -> None:
    content = to_card(shop, "91")
    shop.ask(UNI, **content)
    advance(seconds=5)
    node = shop.ask(COMMON, out_biz_no=content["out_biz_no"]).node
    assert (node["status"], node["error_code"]) == ("FAIL", "ACCOUNT_CLOSED")
    assert node["fail_reason"] == "收款账户已注销"
    assert balance_minor(shop.merchant) == 100_00


def test_card_that_sends_it_back_later_is_a_refund(shop: Shop) -> None:
    content = to_card(shop, "96")
    shop.ask(UNI, **content)
    advance(seconds=5)
    assert (status(shop, content), balance_minor(shop.merchant)) == ("REFUND", 100_00)
    node = shop.ask(COMMON, out_biz_no=content["out_biz_no"]).node
    assert (node["error_code"], node["fail_reason"]) == ("RECALLED_BY_BANK", "收款银行退回")
    assert verify_ledger().passed


def test_bank_that_repeats_itself_changes_nothing(shop: Shop) -> None:
    content = to_card(shop, "93")
    shop.ask(UNI, **content)
    advance(seconds=5)
    assert (status(shop, content), balance_minor(shop.merchant)) == ("SUCCESS", 60_00)


@pytest.mark.parametrize("identity", ["123", "62220202000111AB"])
def test_card_number_must_be_one(shop: Shop, identity: str) -> None:
    content = to_card(shop, payee_info=CARD | {"identity": identity})
    assert shop.ask(UNI, **content).sub_code == "INVALID_PARAMETER"


def test_old_transfer_is_the_same_transfer(shop: Shop, buyer: WalletUser) -> None:
    content = sending_as_of_old(shop, buyer)
    made = shop.ask(OLD, **content).node
    found = shop.ask("alipay.fund.trans.order.query", order_id=made["order_id"]).node
    assert (found["status"], found["order_fee"]) == ("SUCCESS", "0.00")
    assert available_minor(buyer) == 1_001_00


def test_account_tells_the_balance(shop: Shop, buyer: WalletUser) -> None:
    before = shop.ask("alipay.fund.account.query", **own(shop, buyer)).node
    sent(shop, buyer)
    after = shop.ask("alipay.fund.account.query", **own(shop, buyer)).node
    assert (before["available_amount"], after["available_amount"]) == ("0.00", "99.00")
    assert after["freeze_amount"] == "0.00"


def test_app_is_told_of_the_end(shop: Shop) -> None:
    shop.ask(UNI, **to_card(shop, "96"))
    advance(seconds=5)
    relay.drain()
    told = Notification.objects.filter(topic="merchant_transfer.ended").order_by("sequence")
    assert [json.loads(row.params["biz_content"])["status"] for row in told] == [
        "SUCCESS",
        "REFUND",
    ]
    assert {row.params["msg_method"] for row in told} == {"alipay.fund.trans.order.changed"}


def test_rest_face_answers_gets(shop: Shop, buyer: WalletUser) -> None:
    made = sent(shop, buyer)
    account = f"/v3/alipay/fund/account/query?alipay_user_id={shop.merchant.merchant_number}"
    found = send(shop, account, verb="GET").json()
    assert found["available_amount"] == "99.00"
    query = f"/v3/alipay/fund/trans/common/query?out_biz_no={made['out_biz_no']}"
    assert send(shop, query, verb="GET").json()["status"] == "SUCCESS"
