"""Many transfers at once, over the gateway."""

import json

import pytest

from config.kernel.outbox import relay
from merchants.notifications.models import Notification
from tests.factories.accounts import available_minor
from tests.factories.clock import advance
from tests.gateway.rows_transfer_batches import CLOSE, DETAIL, UNI, batching
from tests.gateway.rows_transfers import payee
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db


def test_a_batch_is_sent_line_by_line(shop: Shop, buyer: WalletUser) -> None:
    content, before_minor = batching(shop, buyer), available_minor(buyer)
    assert shop.ask(UNI, **content).node["status"] == "DEALING"
    advance(seconds=1)
    node = shop.ask(DETAIL, out_batch_no=content["out_batch_no"]).node
    assert (node["batch_status"], node["success_count"], node["success_amount"]) == (
        "SUCCESS",
        "2",
        "3.00",
    )
    assert available_minor(buyer) == before_minor + 3_00
    assert verify_ledger().passed


def test_a_line_that_is_refused_leaves_the_others_alone(shop: Shop, buyer: WalletUser) -> None:
    content = batching(shop, buyer)
    content["trans_order_list"][0]["payee_info"] = payee("2088000000000000")
    shop.ask(UNI, **content)
    advance(seconds=1)
    node = shop.ask(DETAIL, out_batch_no=content["out_batch_no"]).node
    lines = node["acc_detail_list"]
    assert [line["status"] for line in lines] == ["FAIL", "SUCCESS"]
    assert lines[0]["error_msg"] == "收款账号不存在"
    assert (node["fail_count"], node["fail_amount"]) == ("1", "1.00")
    assert node["batch_status"] == "PART_SUCCESS"


def test_a_second_turn_sends_nothing_twice(shop: Shop, buyer: WalletUser) -> None:
    content, before_minor = batching(shop, buyer), available_minor(buyer)
    shop.ask(UNI, **content)
    advance(seconds=1)
    shop.ask(UNI, **content)
    advance(seconds=1)
    assert available_minor(buyer) == before_minor + 3_00


def test_a_closed_batch_sends_nothing_more(shop: Shop, buyer: WalletUser) -> None:
    content, before_minor = batching(shop, buyer), available_minor(buyer)
    number = shop.ask(UNI, **content).node["batch_trans_id"]
    assert shop.ask(CLOSE, batch_trans_id=number).node["status"] == "INVALID"
    advance(seconds=1)
    assert available_minor(buyer) == before_minor


def test_a_batch_that_was_sent_cannot_be_closed(shop: Shop, buyer: WalletUser) -> None:
    content = batching(shop, buyer)
    shop.ask(UNI, **content)
    advance(seconds=1)
    assert shop.ask(CLOSE, out_batch_no=content["out_batch_no"]).sub_code == "BATCH_STATUS_ERROR"


def test_the_merchant_is_told_once_that_a_batch_has_ended(shop: Shop, buyer: WalletUser) -> None:
    content = batching(shop, buyer)
    shop.ask(UNI, **content)
    advance(seconds=1)
    relay.drain()
    [told] = Notification.objects.filter(topic="merchant_batch.ended")
    said = json.loads(told.params["biz_content"])
    assert told.params["msg_method"] == "alipay.fund.batch.order.changed"
    assert (said["out_batch_no"], said["batch_status"]) == (content["out_batch_no"], "SUCCESS")


@pytest.mark.parametrize(
    "change", [{"total_count": "3"}, {"total_trans_amount": "4.00"}, {"trans_order_list": []}]
)
def test_sums_that_do_not_fit_are_refused(
    shop: Shop, buyer: WalletUser, change: dict[str, object]
) -> None:
    assert shop.ask(UNI, **batching(shop, buyer) | change).sub_code == "INVALID_PARAMETER"


def test_a_number_stands_once_in_a_batch(shop: Shop, buyer: WalletUser) -> None:
    content = batching(shop, buyer)
    content["trans_order_list"][1]["out_biz_no"] = content["trans_order_list"][0]["out_biz_no"]
    assert shop.ask(UNI, **content).sub_code == "INVALID_PARAMETER"
