"""Odd corners of the protocol: the old check of notifications, the wrong base, messages."""

import json
import uuid
from urllib.parse import parse_qs

import pytest
from django.db import transaction
from django.test import Client

from lab.mock_merchant.receiver import Receiver
from merchants.notifications.models import Notification
from merchants.notifications.usecases.write_message import write_message
from merchants.notifications.usecases.write_notification import Addressee
from merchants.onboarding.rules import load_public_key
from merchants.onboarding.values import SignType
from merchants.protocol import parameters, rules, signing
from tests.factories.clock import advance
from tests.gateway.world import Shop, fresh_code
from tests.vectors import load
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
KINDS = [("v2_request", SignType.RSA2), ("v2_request_rsa1", SignType.RSA)]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_requests_of_the_vectors_are_believed(name: str, kind: SignType) -> None:
    known = load("gateway.json")
    wire_form = known["v2_request"]
    raw = parameters.read_parameters(
        (wire_form["query_string"] + "&return_url=").encode(),
        wire_form["body"].encode(),
        "application/x-www-form-urlencoded",
    )
    asked = {**raw, b"sign_type": kind.value.encode(), b"sign": known[name]["sign"].encode()}
    canonical = rules.request_canonical(asked)
    assert canonical.decode() == known[name]["canonical"]
    key = load_public_key(known["app_public_key"])
    assert signing.verify(key, canonical, known[name]["sign"], kind)
    assert not signing.verify(key, canonical + b" ", known[name]["sign"], kind)


@pytest.mark.parametrize("name", ["v2_response", "v2_error_response"])
def test_answers_of_the_vectors_are_written_byte_for_byte(name: str) -> None:
    known = load("gateway.json")
    whole = json.loads(known[name]["body"])
    node = next(key for key in whole if key != "sign")
    content = rules.serialise(whole[node]).encode()
    assert content.decode() == known[name]["signed_bytes"]
    assert rules.frame(node, content, whole["sign"]).decode() == known[name]["body"]
    key = load_public_key(known["gateway_public_key"])
    assert signing.verify(key, content, whole["sign"], SignType.RSA2)


def test_the_notification_of_the_vectors_is_signed_alike() -> None:
    told = load("gateway.json")["notification"]
    params = {name: values[0] for name, values in parse_qs(told["body"]).items()}
    assert rules.notification_canonical(params) == told["canonical"]
    key = load_public_key(load("gateway.json")["gateway_public_key"])
    assert signing.verify(key, told["canonical"].encode(), told["sign"], SignType.RSA2)


@pytest.mark.parametrize("path", ["", "?method="])
def test_the_old_check_knows_our_notifications_alone(
    shop: Shop, buyer: WalletUser, path: str
) -> None:
    shop.pay(fresh_code(buyer))
    advance(seconds=1)
    told = Notification.objects.get()
    asked = {"service": "notify_verify", "partner": shop.merchant.merchant_number}
    ours = Client().get("/gateway.do" + path, asked | {"notify_id": told.notify_id})
    assert (ours.status_code, ours.content) == (200, b"true")
    for wrong in ({"notify_id": "x"}, {"notify_id": told.notify_id, "partner": "2088"}, {}):
        assert Client().get("/gateway.do", asked | wrong).content == b"false"
    for raw in ("%FF", "%00"):
        bad = f"/gateway.do?service=notify_verify&notify_id={raw}&partner=1"
        assert Client().get(bad).content == b"false"


@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_client_with_the_wrong_base_is_told_the_right_one(shop: Shop, verb: str) -> None:
    answer = getattr(Client(), verb)("/gateway.do/v3/alipay/trade/query")
    assert (answer.status_code, answer.json()["code"]) == (404, "invalid-path")
    assert "/v3/alipay/trade/query" in answer.json()["message"]
    assert answer.headers["alipay-signature"]


def test_a_message_goes_signed_to_the_apps_own_address(shop: Shop) -> None:
    with Receiver(shop.gateway_pem) as receiver, transaction.atomic():
        whom = Addressee(
            merchant_id=shop.merchant.id,
            app_number=shop.app.app_number,
            subject_id=uuid.uuid4(),
            trade_no="1",
            out_trade_no="T1",
            url=receiver.url,
            charset="utf-8",
            sign_type="RSA2",
        )
        said = {"order_id": "1", "status": "SUCCESS"}
        event = uuid.uuid4()
        for _ in range(2):
            write_message(
                event_id=event,
                topic="transfer.succeeded",
                addressee=whom,
                msg_method="alipay.fund.trans.order.changed",
                content=said,
            )
        advance(seconds=1)
        [heard] = receiver.inbox.accepted.values()
    assert heard["msg_method"] == "alipay.fund.trans.order.changed"
    assert json.loads(heard["biz_content"]) == said
    assert "notify_time" not in heard
    assert heard["utc_timestamp"].isdigit()
