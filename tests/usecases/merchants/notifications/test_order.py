"""A trade's notifications come in the order of its events; other trades wait for none of it."""

import uuid
from typing import Any

import pytest

from config.kernel.cursors import BadCursor
from config.kernel.outbox import relay, tasks
from config.kernel.outbox.models import OutboxEvent
from merchants.acceptance.usecases.refund import refund_trade
from merchants.notifications.models import Notification, NotificationState
from merchants.notifications.queries import event_page
from merchants.onboarding.values import AppCredentials
from tests.factories.clock import advance
from tests.factories.merchants import make_paid_trade, make_seller
from tests.factories.receiver import Answer, Receiver, receiving

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FAIL = Answer(500, b"no")


def refunded(seller: AppCredentials, times: int = 2) -> Any:
    """A paid trade, of which something went back several times; nothing is consumed yet."""
    payment = make_paid_trade(seller)
    for number in range(times):
        refund_trade(
            seller=seller,
            amount_minor=1_00,
            reference=payment.reference,
            request_no=f"R{number}",
        )
    return payment


def told(receiver: Receiver, trade_no: str = "") -> list[str]:
    """What arrived, in order: the refund's number, or nothing for the payment."""
    forms = [one.form() for one in receiver.got]
    if trade_no:
        forms = [form for form in forms if form.get("trade_no") == trade_no]
    return [form.get("out_biz_no", "") for form in forms]


def deliver_backwards() -> None:
    """Hand the events to consumers the newest first, as several workers may."""
    for event in OutboxEvent.objects.order_by("-id"):
        tasks.deliver_events(event.topic, [str(event.id)])


def test_events_that_are_consumed_backwards_are_told_in_order() -> None:
    with receiving() as receiver:
        refunded(make_seller(notify_url=receiver.url), times=3)
        deliver_backwards()
        advance()
        assert told(receiver) == ["", "R0", "R1", "R2"]
    sequences = Notification.objects.order_by("sequence").values_list("topic", flat=True)
    assert list(sequences) == ["payment.paid", *["refund.succeeded"] * 3]


def test_a_later_one_waits_until_the_earlier_has_arrived() -> None:
    with receiving(FAIL, Answer()) as receiver:
        refunded(make_seller(notify_url=receiver.url), times=1)
        relay.drain()
        advance()
        assert told(receiver) == [""]
        advance(minutes=4)
        assert told(receiver) == ["", "", "R0"]


def test_a_later_one_comes_once_the_earlier_is_given_up() -> None:
    with receiving(FAIL) as receiver:
        trade = refunded(make_seller(notify_url=receiver.url), times=1)
        relay.drain()
        advance(hours=25)
        assert told(receiver, trade.number)[:9] == [""] * 8 + ["R0"]
    told_of = Notification.objects.filter(trade_no=trade.number).order_by("sequence")
    states = told_of.values_list("state", flat=True)
    assert list(states) == [NotificationState.EXHAUSTED, NotificationState.RETRYING]


def test_other_trades_do_not_wait() -> None:
    with receiving(FAIL, Answer()) as receiver:
        seller = make_seller(notify_url=receiver.url)
        stuck = make_paid_trade(seller, reference="STUCK")
        relay.drain()
        advance()
        other = refunded(seller, times=1)
        relay.drain()
        advance()
        assert told(receiver, other.number) == ["", "R0"]
        assert told(receiver, stuck.number) == [""]


def test_events_have_their_positions_before_anybody_reads_them() -> None:
    seller = make_seller()
    for number in range(3):
        make_paid_trade(seller, reference=f"O{number}")
    relay.drain()
    rows = Notification.objects.order_by("id")
    first = rows[0].position
    assert first is not None
    assert [row.position for row in rows] == [first, first + 1, first + 2]


def test_the_list_of_events_gives_what_commits_late() -> None:
    seller = make_seller()
    for number in range(3):
        make_paid_trade(seller, reference=f"O{number}")
    relay.drain()
    rows = list(Notification.objects.order_by("id"))
    late = rows.pop(0)
    kept = Notification.objects.filter(id=late.id)
    hidden = kept.get()
    kept.delete()
    page, _ = event_page(seller.owner_id, limit=10)
    assert [event.id for event in page] == [row.id for row in rows]
    hidden.position = None  # as a worker of an older version writes it
    hidden.save(force_insert=True)
    page, _ = event_page(seller.owner_id, after=page[-1].id, limit=10)
    assert [event.id for event in page] == [late.id]


def test_an_event_of_somebody_else_is_no_place_to_go_on_from() -> None:
    with pytest.raises(BadCursor):
        event_page(make_seller().owner_id, after=uuid.uuid4(), limit=10)
