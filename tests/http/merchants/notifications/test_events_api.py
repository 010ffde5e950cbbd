"""/api/v1/events: catching up, and sending again by hand."""

import pytest
from rest_framework.test import APIClient

from config.kernel.outbox import relay
from merchants.acceptance.usecases.refund import refund_trade
from merchants.notifications.models import Notification
from merchants.onboarding.values import AppCredentials
from tests.factories.accounts import client_of, make_user, post
from tests.factories.clock import advance
from tests.factories.merchants import make_paid_trade, make_seller
from tests.factories.receiver import Answer, receiving
from wallet import public as wallet

pytestmark = pytest.mark.django_db
NOTHING = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def owner() -> wallet.WalletUser:
    return make_user(name="Owner")


@pytest.fixture
def seller(owner: wallet.WalletUser) -> AppCredentials:
    return make_seller(owner_id=owner.id)


def test_gives_events_in_order_with_what_was_sent(
    owner: wallet.WalletUser, seller: AppCredentials
) -> None:
    trade = make_paid_trade(seller)
    refund_trade(seller=seller, number=trade.number, request_no="R1", amount_minor=5_00)
    relay.drain()
    page = client_of(owner).get("/api/v1/events").json()
    paid, refunded = page["results"]
    assert page["next"] is None
    assert (paid["type"], refunded["type"]) == ("payment.paid", "refund.succeeded")
    assert (paid["sequence"], refunded["sequence"]) == (1, 2)
    assert refunded["data"]["refund_fee"] == "5.00"
    assert paid["out_trade_no"] == trade.reference


def test_goes_on_after_the_last_event(owner: wallet.WalletUser, seller: AppCredentials) -> None:
    for _ in range(3):
        make_paid_trade(seller)
    relay.drain()
    client = client_of(owner)
    first = client.get("/api/v1/events", {"limit": 2}).json()
    rest = client.get("/api/v1/events", {"limit": 2, "after": first["next"]}).json()
    ids = [event["id"] for event in first["results"] + rest["results"]]
    assert ids == sorted(ids)
    assert len(set(ids)) == 3
    assert rest["next"] is None


def test_keeps_merchants_and_owners_apart(owner: wallet.WalletUser, seller: AppCredentials) -> None:
    other = make_seller(owner_id=owner.id)
    make_paid_trade(seller)
    make_paid_trade(other)
    make_paid_trade(make_seller())
    relay.drain()
    client = client_of(owner)
    one = client.get("/api/v1/events", {"merchant_id": other.merchant_number}).json()["results"]
    assert len(client.get("/api/v1/events").json()["results"]) == 2
    assert [event["app_id"] for event in one] == [other.app_number]


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"limit": "0"}, {"limit": "101"}, {"merchant_id": "1"}, {"page": "2"}]
)
def test_refuses_a_question_that_makes_no_sense(
    owner: wallet.WalletUser, query: dict[str, str]
) -> None:
    answer = client_of(owner).get("/api/v1/events", query)
    assert (answer.status_code, answer.json()["field"]) == (400, next(iter(query)))


def test_sends_an_event_again_and_shows_both_attempts(owner: wallet.WalletUser) -> None:
    with receiving(Answer(500), Answer()) as receiver:
        make_paid_trade(make_seller(owner_id=owner.id, notify_url=receiver.url))
        relay.drain()
        advance()
        client = client_of(owner)
        answer = post(client, f"events/{Notification.objects.get().id}/resend", None)
        advance()
    (event,) = client.get("/api/v1/events").json()["results"]
    assert (answer.status_code, event["state"]) == (202, "DELIVERED")
    assert [(each["status"], each["by_hand"]) for each in event["attempts"]] == [
        (500, False),
        (200, True),
    ]


def test_sends_once_however_often_it_is_asked(owner: wallet.WalletUser) -> None:
    with receiving() as receiver:
        make_paid_trade(make_seller(owner_id=owner.id, notify_url=receiver.url))
        relay.drain()
        advance()
        client, path = client_of(owner), f"events/{Notification.objects.get().id}/resend"
        for _ in range(3):
            post(client, path, None)
        advance()
    assert len(receiver.got) == 2


def test_cannot_send_what_has_no_address(owner: wallet.WalletUser, seller: AppCredentials) -> None:
    make_paid_trade(seller)
    relay.drain()
    answer = post(client_of(owner), f"events/{Notification.objects.get().id}/resend", None)
    assert (answer.status_code, answer.json()["code"]) == (409, "event_has_no_address")


def test_hides_others_events(seller: AppCredentials) -> None:
    make_paid_trade(seller)
    relay.drain()
    client = client_of(make_user())
    for event_id in (Notification.objects.get().id, NOTHING):
        assert post(client, f"events/{event_id}/resend", None).status_code == 404
    assert client.get("/api/v1/events").json()["results"] == []


def test_asks_strangers_who_they_are() -> None:
    assert APIClient().get("/api/v1/events").status_code == 401
