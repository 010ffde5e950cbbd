"""Several workers on one heap of due notifications: each attempt is made once."""

from functools import partial

import pytest
from django.db import connection

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.acceptance.usecases.refund import refund_trade
from merchants.notifications.models import Notification, NotificationAttempt, NotificationState
from merchants.notifications.usecases import send_notifications
from merchants.notifications.usecases.resend_notification import resend_notification
from merchants.notifications.usecases.send_notifications import send_due_notifications
from tests.factories.merchants import make_paid_trade, make_seller
from tests.factories.receiver import Answer, receiving
from tests.factories.threads import at_once, outcomes_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
WORKERS = 4


def test_sends_each_notification_once() -> None:
    with receiving(Answer(delay_s=0.05)) as receiver:
        seller = make_seller(notify_url=receiver.url)
        trades = [make_paid_trade(seller, amount_minor=1_00) for _ in range(12)]
        relay.drain()
        sent = at_once([partial(send_due_notifications, now=clock.now())] * WORKERS)
    ids = [got.form()["out_trade_no"] for got in receiver.got]
    assert sorted(ids) == sorted(trade.reference for trade in trades)
    assert sum(count for count in sent if isinstance(count, int)) == 12
    assert NotificationAttempt.objects.count() == 12
    assert set(Notification.objects.values_list("state", flat=True)) == {"DELIVERED"}


def test_resends_once_when_it_is_asked_for_at_once() -> None:
    with receiving() as receiver:
        make_paid_trade(make_seller(notify_url=receiver.url))
        relay.drain()
        send_due_notifications(now=clock.now())
        notification = Notification.objects.get()
        again = partial(resend_notification, notification_id=notification.id, actor="user:1")
        outcomes_at_once([again] * WORKERS)
        at_once([partial(send_due_notifications, now=clock.now())] * WORKERS)
    assert len(receiver.got) == 2


def test_talks_to_merchants_with_no_transaction_open(monkeypatch: pytest.MonkeyPatch) -> None:
    open_while_sending: list[bool] = []
    claim = send_notifications._claim

    def watched(now: object) -> object:
        open_while_sending.append(connection.in_atomic_block)
        found = claim(now)  # type: ignore[arg-type]
        open_while_sending.append(connection.in_atomic_block)
        return found

    monkeypatch.setattr(send_notifications, "_claim", watched)
    with receiving() as receiver:
        make_paid_trade(make_seller(notify_url=receiver.url))
        relay.drain()
        send_due_notifications(now=clock.now())
    assert len(receiver.got) == 1
    assert open_while_sending == [False] * 4


def test_numbers_the_events_of_one_trade_without_a_gap() -> None:
    seller = make_seller()
    trade = make_paid_trade(seller)
    for number in range(4):
        refund_trade(seller=seller, number=trade.number, request_no=f"R{number}", amount_minor=1_00)
    at_once([relay.drain] * WORKERS)
    relay.drain()
    numbers = Notification.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]


def test_lets_a_hanging_merchant_hold_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send_notifications, "ONE_HOST", 2)
    with receiving(Answer(500, delay_s=0.3)) as slow, receiving() as quick:
        for receiver, count in ((slow, 6), (quick, 1)):
            seller = make_seller(notify_url=receiver.url)
            for _ in range(count):
                make_paid_trade(seller, amount_minor=1_00)
        relay.drain()
        first = send_notifications._claim(clock.now())
    assert len(first) == 3
    assert {envelope.url for envelope in first} == {slow.url, quick.url}
    states = Notification.objects.values_list("state", flat=True)
    assert set(states) == {NotificationState.PENDING}
