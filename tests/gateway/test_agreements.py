"""Agreements over the gateway: signed on a page, debited without a phone, ended at will."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from lab.mock_merchant.receiver import Receiver
from lab.mock_merchant.signing import verify_notification
from merchants.notifications.models import Notification
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.gateway.agreements import (
    BACK,
    Content,
    back_link,
    cyclic,
    debit,
    fill_in,
    general,
    monthly,
    offered,
    open_page,
    signed,
    today,
)
from tests.gateway.rows_agreements import day_in
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import SessionToken, WalletUser
from wallet.agreements.models import Agreement
from wallet.agreements.usecases.suspend_agreement import suspend_agreement
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import Party
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
QUERY = "alipay.user.agreement.query"
UNSIGN = "alipay.user.agreement.unsign"
MODIFY = "alipay.user.agreement.executionplan.modify"


def test_payer_signs_in_the_browser_and_is_led_back(shop: Shop, buyer: WalletUser) -> None:
    sent = open_page(shop, cyclic(external_agreement_no="CAR1"))
    assert (sent.status_code, sent.content) == (302, b"")
    page = sent.headers["Location"]
    assert shop.merchant.name in Client().get(page).content.decode()
    assert fill_in(page, buyer).status_code == 302
    address = back_link(page)
    told = dict(parse_qsl(urlsplit(address).query))
    assert address.startswith(BACK + "&")
    assert verify_notification(told, shop.gateway_pem)
    assert told["car"] == "1"
    assert (told["status"], told["external_agreement_no"]) == ("NORMAL", "CAR1")
    assert told["method"] == "alipay.user.agreement.page.sign.return"
    assert told["alipay_user_id"] == buyer.user_number
    assert not SessionToken.objects.filter(revoked_at__isnull=True).exists()


def test_page_shows_every_term(shop: Shop) -> None:
    rule = monthly(total_amount="99.5", total_payments=3)
    page = Client().get(offered(shop, cyclic(period_rule_params=rule))).content.decode()
    for text in ("¥ 30.00", "¥ 99.50", ">3<", "every month", today(), "you end it"):
        assert text in page


@pytest.mark.parametrize(("language", "word"), [("fr", "Tous les mois"), ("zh-hans", "个月")])
def test_page_speaks_the_readers_language(shop: Shop, language: str, word: str) -> None:
    page = offered(shop, cyclic())
    shown = Client().get(page, headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}">' in shown
    assert word.lower() in shown.lower()


@pytest.mark.parametrize(
    "changes",
    [{"password": "wrong"}, {"pin": "000000"}, {"phone": "1"}, {"challenge": "0" * 64}],
)
def test_page_says_why_it_did_not_sign(
    shop: Shop, buyer: WalletUser, changes: dict[str, str]
) -> None:
    answer = fill_in(offered(shop), buyer, **changes)
    assert answer.status_code == 422
    assert 'class="refusal"' in answer.content.decode()
    assert Agreement.objects.get().status == "TEMP"


def test_page_tells_who_waits_for_a_phone(shop: Shop, buyer: WalletUser) -> None:
    page = offered(shop)
    assert Client().get(f"{page}/status").json() == {"status": "TEMP"}
    fill_in(page, buyer)
    assert Client().get(f"{page}/status").json() == {"status": "NORMAL"}


@pytest.mark.parametrize("path", ["/agreements/NOSUCH", "/agreements/NOSUCH/status"])
def test_page_knows_no_other_token(db: None, path: str) -> None:
    assert Client().get(path).status_code == 404


def test_page_of_an_old_offer_cannot_be_signed(shop: Shop) -> None:
    page = offered(shop)
    advance(days=1)
    assert "<form" not in Client().get(page).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"personal_product_code": ""},
        {"personal_product_code": "OTHER"},
        {"access_params": None},
        {"access_params": {"channel": "FAX"}},
        {"product_code": "GENERAL_WITHHOLDING"},
        {"product_code": ""},
        {"sign_scene": ""},
        {"period_rule_params": None},
        {"sign_validity_period": "2y"},
    ],
)
def test_offers_that_do_not_fit_are_refused_in_a_page(shop: Shop, changes: Content) -> None:
    page = open_page(shop, cyclic(**changes)).content.decode()
    assert "错误代码 INVALID_PARAMETER 错误原因: " in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"period_type": "DAY", "period": 6}, "period"),
        ({"period_type": "WEEK"}, "period_type"),
        ({"period": None}, "period"),
        ({"execute_time": "2027-01-29"}, "execute_time"),
        ({"execute_time": "2027-02-30"}, "execute_time"),
        ({"execute_time": None}, "execute_time"),
        ({"single_amount": None}, "single_amount"),
        ({"single_amount": "0.001"}, "single_amount"),
        ({"total_payments": 0}, "total_payments"),
    ],
)
def test_rules_that_cannot_be_kept_name_their_field(
    shop: Shop, change: Content, field: str
) -> None:
    page = open_page(shop, cyclic(period_rule_params=monthly(**change))).content.decode()
    assert "参数无效" in page
    assert f": {field}" in page


def test_merchants_number_leads_to_the_same_page_and_only_once(
    shop: Shop, buyer: WalletUser
) -> None:
    content = general(external_agreement_no="CAR1")
    assert offered(shop, content) == offered(shop, content)
    other = general(external_agreement_no="CAR1", period_rule_params={"single_amount": 5})
    assert "REQUEST_CONTEXT_INCONSISTENT" in open_page(shop, other).content.decode()
    signed(shop, buyer, content)
    assert "USER_AGREEMENT_ALREADY_SIGNED" in open_page(shop, content).content.decode()


def test_query_tells_how_it_stands(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, cyclic(sign_validity_period="12m"))
    node = shop.ask(QUERY, agreement_no=number).node
    assert (node["status"], node["next_deduct_time"]) == ("NORMAL", today())
    assert (node["principal_id"], node["pricipal_type"]) == (buyer.user_number, "CARD")
    assert (node["single_quota"], node["invalid_time"][:3]) == ("30.00", "202")
    assert "last_deduct_time" not in node


def test_query_finds_by_what_it_is_about(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer, general(external_agreement_no="CAR1"))
    about = {"personal_product_code": "GENERAL_WITHHOLDING_P", "sign_scene": "INDUSTRY|CARPARK"}
    for who in (
        {"external_agreement_no": "CAR1"},
        {"alipay_user_id": buyer.user_number},
        {"alipay_logon_id": buyer.phone},
    ):
        assert shop.ask(QUERY, **about, **who).node["agreement_no"] == number
    assert shop.ask(QUERY, **about).sub_code == "INVALID_PARAMETER"
    stranger = make_user()
    for who in ({"alipay_user_id": stranger.user_number}, {"alipay_logon_id": "nobody"}):
        assert shop.ask(QUERY, **about, **who).sub_code == "USER_AGREEMENT_NOT_EXIST"


def test_query_tells_of_an_offer_and_of_a_stop(shop: Shop, buyer: WalletUser) -> None:
    offered(shop)
    number = Agreement.objects.get().number
    assert shop.ask(QUERY, agreement_no=number).node["status"] == "TEMP"
    number = signed(shop, buyer, cyclic())
    agreement = Agreement.objects.get(number=number)
    suspend_agreement(agreement_id=agreement.id, by=Party.PLATFORM, actor="operator:x")
    assert shop.ask(QUERY, agreement_no=number).node["status"] == "STOP"


def test_another_merchants_agreement_is_not_found(shop: Shop, buyer: WalletUser) -> None:
    number, other = signed(shop, buyer), make_shop("Noodle Bar")
    assert other.ask(QUERY, agreement_no=number).sub_code == "USER_AGREEMENT_NOT_EXIST"
    assert other.ask(UNSIGN, agreement_no=number).sub_code == "USER_AGREEMENT_NOT_EXIST"
    assert debit(other, number).sub_code == "ACQ.AGREEMENT_NOT_EXIST"


def test_parking_is_paid_without_a_phone_until_the_driver_unsigns(
    shop: Shop, buyer: WalletUser
) -> None:
    number = signed(shop, buyer)
    paid = debit(shop, number, out_trade_no="EXIT1")
    assert (paid.node["code"], paid.node["buyer_user_id"]) == ("10000", buyer.user_number)
    assert debit(shop, number, out_trade_no="EXIT1").sub_code == "ACQ.TRADE_HAS_SUCCESS"
    assert debit(shop, number, "25.00").sub_code == "ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED"
    assert shop.ask("alipay.trade.query", out_trade_no="EXIT1").node["trade_status"] == (
        "TRADE_SUCCESS"
    )
    unsign_agreement(
        agreement_id=Agreement.objects.get().id, by=Party.PAYER, actor="user", payer_id=buyer.id
    )
    assert debit(shop, number).sub_code == "ACQ.AGREEMENT_INVALID"
    assert available_minor(buyer) == 994_00
    assert verify_ledger().passed


def test_what_is_debited_can_be_refunded(shop: Shop, buyer: WalletUser) -> None:
    debit(shop, signed(shop, buyer), out_trade_no="EXIT1")
    shop.ask("alipay.trade.refund", out_trade_no="EXIT1", refund_amount="6.00")
    assert available_minor(buyer) == 1_000_00


@pytest.mark.parametrize(
    ("rule", "amounts", "code"),
    [
        ({}, ["30.01"], "CYCLE_PAY_SINGLE_FEE_EXCEED"),
        ({"total_amount": 5}, ["5.01"], "CYCLE_PAY_TOTAL_FEE_EXCEED"),
        ({"total_payments": "1"}, [1, 1], "CYCLE_PAY_TOTAL_TIMES_EXCEED"),
        ({}, [1.5, "1"], "CYCLE_PAY_DATE_NOT_MATCH"),
        ({"execute_time": "2099-01-01"}, [1], "CYCLE_PAY_DATE_NOT_MATCH"),
    ],
)
def test_no_debit_passes_the_rule(
    shop: Shop, buyer: WalletUser, rule: Content, amounts: list[Any], code: str
) -> None:
    past = {"period_type": "DAY", "period": 7, "execute_time": day_in(-1)}
    number = signed(shop, buyer, cyclic(period_rule_params=monthly(**(past | rule))))
    for amount in amounts[:-1]:
        assert debit(shop, number, amount).node["code"] == "10000"
    assert debit(shop, number, amounts[-1]).sub_code == f"ACQ.{code}"


def test_agreement_is_debited_as_what_it_was_signed_as(shop: Shop, buyer: WalletUser) -> None:
    rule = monthly(execute_time="2099-01-01")
    wrong = {
        signed(shop, buyer, cyclic(period_rule_params=rule)): "GENERAL_WITHHOLDING",
        signed(shop, buyer, general()): "CYCLE_PAY_AUTH",
    }
    for number, product in wrong.items():
        answer = debit(shop, number, "99.00", product_code=product)
        assert answer.sub_code == "ACQ.AGREEMENT_INVALID"
    assert debit(shop, number, "6.00", product_code="").node["code"] == "10000"


@pytest.mark.parametrize("name", ["product_code", "sign_scene"])
def test_what_beside_an_order_may_be_left_out_must_be_on_the_page(shop: Shop, name: str) -> None:
    page = open_page(shop, general(**{name: ""})).content.decode()
    assert f"参数无效, 缺少必选参数: {name}" in page


def test_suspended_agreement_takes_nothing(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer)
    agreement = Agreement.objects.get(number=number)
    suspend_agreement(agreement_id=agreement.id, by=Party.PLATFORM, actor="operator:x")
    assert debit(shop, number).sub_code == "ACQ.AGREEMENT_STATUS_NOT_NORMAL"


def test_offer_takes_nothing(shop: Shop) -> None:
    offered(shop)
    answer = debit(shop, Agreement.objects.get().number)
    assert answer.sub_code == "ACQ.AGREEMENT_STATUS_NOT_NORMAL"


def test_agreement_must_be_named_and_the_buyers(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer)
    assert debit(shop, number, agreement_params=None).sub_code == "ACQ.INVALID_PARAMETER"
    assert debit(shop, number, agreement_params={"x": 1}).sub_code == "ACQ.INVALID_PARAMETER"
    assert debit(shop, number, buyer_id="2088000000000000").sub_code == (
        "ACQ.TRADE_BUYER_NOT_MATCH"
    )
    assert debit(shop, number, buyer_id=buyer.user_number).node["code"] == "10000"


def test_poor_buyer_is_said_to_be_poor(shop: Shop) -> None:
    number = signed(shop, make_user(balance_minor=1_00))
    assert debit(shop, number).sub_code == "ACQ.BUYER_BALANCE_NOT_ENOUGH"


@pytest.mark.parametrize("flag", [True, "true"])
def test_debit_in_the_background_is_queried_later(
    shop: Shop, buyer: WalletUser, flag: object
) -> None:
    number = signed(shop, buyer)
    taken = debit(shop, number, out_trade_no="LATER", is_async_pay=flag)
    assert taken.node["code"] == "10003"
    waiting = shop.ask("alipay.trade.query", out_trade_no="LATER").node
    advance(seconds=1)
    paid = shop.ask("alipay.trade.query", out_trade_no="LATER").node
    assert (waiting["trade_status"], paid["trade_status"]) == ("WAIT_BUYER_PAY", "TRADE_SUCCESS")


def test_next_debit_is_moved_later_and_never_earlier(shop: Shop, buyer: WalletUser) -> None:
    rule = monthly(period_type="DAY", period=7)
    number = signed(shop, buyer, cyclic(period_rule_params=rule))
    moved = shop.ask(MODIFY, agreement_no=number, deduct_time=day_in(40), memo="holiday")
    assert (moved.node["agreement_no"], moved.node["deduct_time"]) == (number, day_in(40))
    assert shop.ask(QUERY, agreement_no=number).node["next_deduct_time"] == day_in(40)
    assert debit(shop, number, 1).sub_code == "ACQ.CYCLE_PAY_DATE_NOT_MATCH"
    for day in (day_in(39), "2026-02-30"):
        answer = shop.ask(MODIFY, agreement_no=number, deduct_time=day, memo="early")
        assert answer.node["sub_msg"] == "参数无效: deduct_time"
    silent = shop.ask(MODIFY, agreement_no=number, deduct_time=day_in(41))
    assert silent.node["sub_msg"] == "参数无效, 缺少必选参数: memo"


def test_what_has_no_dates_cannot_be_moved(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer)
    answer = shop.ask(MODIFY, agreement_no=number, deduct_time=day_in(40), memo="holiday")
    assert (answer.sub_code, answer.node["sub_msg"]) == (
        "INVALID_PARAMETER",
        "参数无效: deduct_time",
    )


def test_unsigning_takes_back_what_waits_only_if_confirmed(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer)
    refused = shop.ask(UNSIGN, agreement_no=number, operate_type="invalid")
    assert refused.sub_code == "INVALID_PARAMETER"
    done = shop.ask(UNSIGN, agreement_no=number, operate_type="confirm")
    assert done.node == {"code": "10000", "msg": "Success"}


def test_merchant_is_told_of_signing_and_unsigning(shop: Shop, buyer: WalletUser) -> None:
    with Receiver(shop.gateway_pem) as receiver:
        content = general(external_agreement_no="CAR1", external_logon_id="driver7")
        number = signed(shop, buyer, content, notify_url=receiver.url)
        advance(seconds=1)
        shop.ask(UNSIGN, agreement_no=number)
        advance(seconds=1)
        first, second = receiver.inbox.accepted.values()
    assert (first["notify_type"], first["status"]) == ("dut_user_sign", "NORMAL")
    assert (second["notify_type"], second["status"]) == ("dut_user_unsign", "UNSIGN")
    assert (first["agreement_no"], first["external_logon_id"]) == (number, "driver7")
    assert first["invalid_time"] == "2115-02-01 00:00:00"
    assert re.fullmatch(r"2088\d{12}", first["alipay_user_id"])
    assert "notify_time" in second
    assert second["unsign_time"] >= first["sign_time"]


def test_offer_that_nobody_signs_is_not_told_of(shop: Shop) -> None:
    offered(shop, notify_url="http://127.0.0.1:9/notify")
    advance(days=2)
    assert not Notification.objects.exists()
