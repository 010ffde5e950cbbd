"""Refunds that go on to the buyer's bank: refund.apply, what is asked, what is told."""

import json
from typing import Any

import pytest

from config.kernel.outbox import relay
from merchants.notifications.models import Notification
from tests.factories.accounts import available_minor, client_of
from tests.gateway.world import Shop
from wallet.accounts.models import BankInstruction, WalletUser, Withdrawal
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.settle_withdrawal import settle_withdrawal
from wallet.accounts.usecases.update_profile import update_profile
from wallet.accounts.values import BankResult
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.models import DepositBack

pytestmark = pytest.mark.django_db
APPLY, REFUND = "alipay.trade.refund.apply", "alipay.trade.refund"
MESSAGE = "alipay.trade.refund.depositback.completed"


@pytest.fixture
def banker(buyer: WalletUser) -> WalletUser:
    """A buyer whose refunds go on to their bank."""
    return update_profile(user_id=buyer.id, refunds_to_bank=True)


def apply(shop: Shop, order: str, **changes: Any) -> Any:
    """Ask for a refund of 5.00."""
    content = {"out_trade_no": order, "out_request_no": "R1", "refund_amount": "5.00"}
    return shop.ask(APPLY, **content | changes)


def info(shop: Shop, order: str) -> Any:
    """What the query says of the way to the bank."""
    asked = {"out_trade_no": order, "out_request_no": "R1"}
    node = shop.ask(
        "alipay.trade.fastpay.refund.query", **asked, query_options=["deposit_back_info"]
    ).node
    return node["deposit_back_info"]


def bank_says(result: BankResult) -> None:
    """The bank's word on the one withdrawal there is."""
    relay.drain()
    settle_withdrawal(subject_id=Withdrawal.objects.get().id, result=result)
    relay.drain()


def told() -> list[dict[str, Any]]:
    """What the merchant was told of ways to banks."""
    rows = Notification.objects.filter(topic="refund.deposit_back_ended")
    assert all(row.params["msg_method"] == MESSAGE for row in rows)
    return [json.loads(row.params["biz_content"]) for row in rows]


def test_a_refund_to_a_wallet_is_there_at_once(shop: Shop, buyer: WalletUser) -> None:
    order, before_minor = shop.sold(buyer), available_minor(buyer)
    node = apply(shop, order).node
    assert (node["refund_status"], node["refund_amount"]) == ("REFUND_SUCCESS", "5.00")
    relay.drain()
    assert available_minor(buyer) == before_minor + 5_00
    assert info(shop, order) == {"has_deposit_back": "false"}
    assert (Withdrawal.objects.count(), told()) == (0, [])


def test_a_refund_goes_on_to_the_bank_and_the_merchant_is_told(
    shop: Shop, banker: WalletUser
) -> None:
    order, before_minor = shop.sold(banker), available_minor(banker)
    assert apply(shop, order).node["refund_status"] == "REFUND_PROCESSING"
    relay.drain()
    assert info(shop, order) == {"has_deposit_back": "true", "dback_status": "P"}
    assert available_minor(banker) == before_minor
    assert BankInstruction.objects.count() >= 1
    bank_says(BankResult.SUCCEEDED)
    assert apply(shop, order).node["refund_status"] == "REFUND_SUCCESS"
    shown = info(shop, order)
    assert (shown["dback_status"], shown["dback_amount"]) == ("S", "5.00")
    [message] = told()
    assert (message["out_request_no"], message["dback_status"], message["dback_amount"]) == (
        "R1",
        "S",
        "5.00",
    )
    assert message["bank_ack_time"]
    assert verify_ledger().passed


def test_what_the_bank_sends_back_is_the_buyers(shop: Shop, banker: WalletUser) -> None:
    order, before_minor = shop.sold(banker), available_minor(banker)
    apply(shop, order)
    bank_says(BankResult.FAILED)
    assert available_minor(banker) == before_minor + 5_00
    [message] = told()
    assert (message["dback_status"], "dback_amount" in message) == ("F", False)
    assert info(shop, order)["dback_status"] == "F"


def test_a_repeat_sends_nothing_twice(shop: Shop, banker: WalletUser) -> None:
    order = shop.sold(banker)
    apply(shop, order)
    relay.drain()
    apply(shop, order)
    relay.drain()
    bank_says(BankResult.SUCCEEDED)
    assert (Withdrawal.objects.count(), DepositBack.objects.count(), len(told())) == (1, 1, 1)


@pytest.mark.parametrize(("options", "messages"), [(["deposit_back_info"], 1), ([], 0)])
def test_an_ordinary_refund_is_told_of_where_it_asked(
    shop: Shop, banker: WalletUser, options: list[str], messages: int
) -> None:
    order = shop.sold(banker)
    content = {"out_trade_no": order, "out_request_no": "R1", "refund_amount": "5.00"}
    shop.ask(REFUND, **content, query_options=options)
    bank_says(BankResult.SUCCEEDED)
    assert len(told()) == messages


def test_a_frozen_buyers_refund_stays_in_the_wallet(shop: Shop, banker: WalletUser) -> None:
    order = shop.sold(banker)
    apply(shop, order)
    freeze_user(user_id=banker.id, actor="operator:mia", reason="test")
    relay.drain()
    assert info(shop, order) == {"has_deposit_back": "false"}
    assert DepositBack.objects.get().state == "KEPT"


def test_the_buyer_chooses_in_the_wallet(buyer: WalletUser) -> None:
    client = client_of(buyer)
    assert client.get("/api/v1/me").json()["refunds_to_bank"] is False
    answer = client.patch("/api/v1/me", {"refunds_to_bank": True}, format="json")
    assert (answer.status_code, answer.json()["refunds_to_bank"]) == (200, True)
    wrong = client.patch("/api/v1/me", {"refunds_to_bank": "perhaps"}, format="json")
    assert wrong.status_code == 400


@pytest.mark.parametrize("change", [{"refund_amount": "0"}, {"out_request_no": ""}])
def test_what_cannot_be_read_is_refused(
    shop: Shop, buyer: WalletUser, change: dict[str, str]
) -> None:
    assert apply(shop, shop.sold(buyer), **change).sub_code == "ACQ.INVALID_PARAMETER"


def test_more_than_was_paid_is_refused(shop: Shop, buyer: WalletUser) -> None:
    refused = apply(shop, shop.sold(buyer), refund_amount="12.01")
    assert refused.sub_code == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
