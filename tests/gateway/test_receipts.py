"""Receipts of transfers, over the gateway."""

import re
from urllib.parse import urlsplit

import pytest

from merchants.funds.models import Receipt
from tests.factories.clock import advance
from tests.gateway.rows_receipts import APPLY, QUERY, receipted
from tests.gateway.rows_transfers import UNI, sending
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db


def texts_of(pdf: bytes) -> str:
    """What a reader shows of our page."""
    codes = re.findall(rb"<([0-9a-f]+)> Tj", pdf)
    return "\n".join(bytes.fromhex(code.decode()).decode("utf-16-be") for code in codes)


def path_of(address: str) -> str:
    """The part of an address that our own server is asked for."""
    return urlsplit(address).path


def test_a_receipt_is_ready_in_a_while_and_says_what_was_sent(
    shop: Shop, buyer: WalletUser
) -> None:
    content = sending(shop, buyer)
    sent = shop.ask(UNI, **content).node
    ordered = shop.ask(APPLY, type="FUND_DETAIL", key=sent["order_id"]).node
    waiting = shop.ask(QUERY, file_id=ordered["file_id"]).node
    assert (waiting["status"], "download_url" in waiting) == ("PROCESS", False)
    advance(seconds=2)
    ready = shop.ask(QUERY, file_id=ordered["file_id"]).node
    answer = shop.http.get(path_of(ready["download_url"]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    shown = texts_of(answer.content)
    for part in ("1.00 CNY", content["out_biz_no"], sent["order_id"], "茶钱", buyer.user_number):
        assert part in shown
    assert answer.content.startswith(b"%PDF-1.4")
    start = int(answer.content.split(b"startxref\n")[1].split(b"\n")[0])
    assert answer.content[start : start + 4] == b"xref"


def test_a_transfer_has_one_receipt_by_either_number(shop: Shop, buyer: WalletUser) -> None:
    sent = shop.ask(UNI, **sending(shop, buyer)).node
    numbers = {
        shop.ask(APPLY, type="FUND_DETAIL", key=sent[name]).node["file_id"]
        for name in ("order_id", "pay_fund_order_id", "order_id")
    }
    assert (len(numbers), Receipt.objects.count()) == (1, 1)


def test_a_link_ends_after_half_an_hour(shop: Shop, buyer: WalletUser) -> None:
    file_id = shop.ask(APPLY, **receipted(shop, buyer)).node["file_id"]
    advance(seconds=2)
    address = path_of(shop.ask(QUERY, file_id=file_id).node["download_url"])
    advance(minutes=31)
    assert shop.http.get(address).status_code == 410
    assert shop.http.get(address + "x").status_code == 410


def test_money_that_has_not_arrived_has_no_receipt(shop: Shop, buyer: WalletUser) -> None:
    content = sending(shop, buyer) | {
        "product_code": "TRANS_BANKCARD_NO_PWD",
        "payee_info": {
            "identity": "6222000000000012",
            "identity_type": "BANKCARD_ACCOUNT",
            "name": "李伟",
            "bankcard_ext_info": {"inst_name": "工商银行", "account_type": "2"},
        },
    }
    sent = shop.ask(UNI, **content).node
    assert sent["status"] == "DEALING"
    refused = shop.ask(APPLY, type="FUND_DETAIL", key=sent["order_id"])
    assert refused.sub_code == "ORDER_STATUS_ERROR"


def test_another_merchants_money_has_no_receipt_here(shop: Shop, buyer: WalletUser) -> None:
    other = make_shop("Noodle Bar")
    content = receipted(shop, buyer)
    file_id = shop.ask(APPLY, **content).node["file_id"]
    assert other.ask(APPLY, **content).sub_code == "ORDER_NOT_EXIST"
    assert other.ask(QUERY, file_id=file_id).sub_code == "RECEIPT_NOT_EXIST"


@pytest.mark.parametrize("change", [{"type": "TRADE"}, {"bill_user_id": "2088000000000000"}])
def test_what_cannot_be_ordered_is_refused(
    shop: Shop, buyer: WalletUser, change: dict[str, str]
) -> None:
    assert shop.ask(APPLY, **receipted(shop, buyer) | change).sub_code == "INVALID_PARAMETER"
