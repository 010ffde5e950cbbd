"""Notifications: signed, sent again on the ladder's hours, every attempt kept.

A real server on loopback plays the merchant; the world's clock is moved, not waited for.
"""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from config.kernel.ids import uuid7
from config.kernel.outbox import relay
from merchants.notifications.models import Notification, NotificationState
from merchants.notifications.queries import EventNotFound, is_ours
from merchants.notifications.usecases.resend_notification import resend_notification
from merchants.onboarding.queries import merchant
from merchants.onboarding.values import SignType
from merchants.protocol import rules, signing
from tests.factories.clock import advance
from tests.factories.merchants import make_paid_trade, make_seller, private_key
from tests.factories.receiver import Answer, Receiver, receiving

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FAIL = Answer(500, b"out of order")


def paid(receiver: Receiver, **changes: Any) -> Notification:
    """A paid trade's notification, not sent yet."""
    make_paid_trade(make_seller(notify_url=receiver.url), **changes)
    relay.drain()
    return Notification.objects.get()


def test_is_delivered_when_the_merchant_says_success() -> None:
    with receiving() as receiver:
        notification = paid(receiver)
        advance()
    notification.refresh_from_db()
    attempt = notification.attempts.get()
    assert notification.state == NotificationState.DELIVERED
    assert (attempt.number, attempt.status, attempt.answer, attempt.failure) == (
        1,
        200,
        "success",
        "",
    )


def test_makes_four_attempts_in_24_minutes_when_three_fail() -> None:
    with receiving(FAIL, FAIL, FAIL, Answer()) as receiver:
        notification = paid(receiver)
        advance()
        advance(minutes=24)
    notification.refresh_from_db()
    attempts = list(notification.attempts.all())
    assert [attempt.status for attempt in attempts] == [500, 500, 500, 200]
    assert attempts[0].answer == "out of order"
    assert notification.state == NotificationState.DELIVERED
    assert notification.due_at is None


def test_climbs_the_whole_ladder_and_then_gives_up() -> None:
    with receiving(FAIL) as receiver:
        notification = paid(receiver)
        advance()
        advance(hours=25)
    notification.refresh_from_db()
    starts = [attempt.started_at for attempt in notification.attempts.all()]
    gaps = [
        round((later - earlier) / timedelta(minutes=1))
        for earlier, later in itertools.pairwise(starts)
    ]
    assert gaps == [4, 10, 10, 60, 120, 360, 900]
    assert notification.state == NotificationState.EXHAUSTED
    assert notification.due_at is None


def test_keeps_its_id_and_signs_each_attempt_anew() -> None:
    with receiving(FAIL, Answer()) as receiver:
        paid(receiver)
        advance()
        advance(minutes=5)
    first, second = (got.form() for got in receiver.got)
    assert first["notify_id"] == second["notify_id"]
    assert first["notify_time"] < second["notify_time"]
    assert first["sign"] != second["sign"]


@pytest.mark.parametrize("kind", list(SignType))
def test_is_signed_by_the_gateway_without_sign_and_sign_type(kind: SignType) -> None:
    with receiving() as receiver:
        paid(receiver, sign_type=kind.value)
        advance()
    form = receiver.got[0].form()
    text = rules.notification_canonical(form).encode()
    public = private_key(-1).public_key()
    assert form["sign_type"] == kind.value
    assert "sign" not in dict(part.split("=", 1) for part in text.decode().split("&"))
    assert signing.verify(public, text, form["sign"], kind)


def test_speaks_the_charset_of_the_request() -> None:
    with receiving() as receiver:
        paid(receiver, charset="GBK", subject="包子 🥟")
        advance()
    got = receiver.got[0]
    form = got.form("gbk")
    assert got.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=GBK"
    assert form["subject"] == "包子 ?"
    text = rules.notification_canonical(form).encode("gbk")
    assert signing.verify(private_key(-1).public_key(), text, form["sign"], SignType.RSA2)


def test_introduces_itself_as_the_real_one_does() -> None:
    with receiving() as receiver:
        paid(receiver)
        advance()
    assert receiver.got[0].headers["User-Agent"] == "Mozilla/4.0"
    assert receiver.got[0].path == "/notify?shop=1"


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        pytest.param(Answer(200, b"SUCCESS"), "not_success", id="in capitals"),
        pytest.param(Answer(200, b"success "), "not_success", id="with a blank"),
        pytest.param(Answer(200, b""), "not_success", id="nothing"),
        pytest.param(Answer(201, b"success"), "not_success", id="another status"),
        pytest.param(Answer(200, b"<html>\x00ok"), "not_success", id="a page"),
        pytest.param(Answer(302, b"success", headers={"Location": "/"}), "redirect", id="moved"),
    ],
)
def test_takes_nothing_but_success_for_an_answer(answer: Answer, failure: str) -> None:
    with receiving(answer) as receiver:
        notification = paid(receiver)
        advance()
    notification.refresh_from_db()
    assert len(receiver.got) == 1
    assert notification.state == NotificationState.RETRYING
    assert notification.attempts.get().failure == failure


def test_is_sent_again_by_hand_after_it_was_given_up() -> None:
    with receiving(*[FAIL] * 8, Answer()) as receiver:
        notification = paid(receiver)
        advance()
        advance(hours=25)
        resend_notification(notification_id=notification.id, actor="operator:mia")
        advance()
    notification.refresh_from_db()
    assert notification.state == NotificationState.DELIVERED
    assert notification.attempts.filter(by_hand=True).count() == 1


def test_stays_delivered_when_a_resend_fails() -> None:
    with receiving(Answer(), FAIL) as receiver:
        notification = paid(receiver)
        advance()
        resend_notification(notification_id=notification.id, actor="operator:mia")
        advance(hours=1)
    notification.refresh_from_db()
    # The hour may cross midnight: the day's close has a notification of its own.
    sent = [got for got in receiver.got if got.form()["notify_id"] == notification.notify_id]
    assert len(sent) == notification.attempts.count() == 2
    assert (notification.state, notification.due_at) == (NotificationState.DELIVERED, None)


def test_is_tried_again_when_the_worker_died_while_sending() -> None:
    with receiving(Answer()) as receiver:
        notification = paid(receiver)
        advance()
        # As a worker leaves it that dies between claim and answer.
        notification.attempts.update(finished_at=None, status=None, answer="")
        notification.refresh_from_db()
        notification.state, notification.delivered_at = NotificationState.PENDING, None
        notification.due_at = notification.created_at + timedelta(seconds=60)
        notification.save()
        advance(seconds=61)
    assert [attempt.failure for attempt in notification.attempts.all()] == ["worker_lost", ""]
    assert len(receiver.got) == 2


def test_knows_its_own_notifications_again() -> None:
    with receiving() as receiver:
        notification = paid(receiver)
    number = merchant(notification.merchant_id).merchant_number
    assert is_ours(notify_id=notification.notify_id, merchant_number=number)
    assert not is_ours(notify_id=notification.notify_id, merchant_number="2088999999999999")
    assert not is_ours(notify_id="2" * 34, merchant_number=number)


def test_is_not_sent_again_while_it_is_being_sent() -> None:
    with receiving() as receiver:
        notification = paid(receiver)
        notification.attempts.create(number=1, planned_at=notification.created_at)
        notification.due_at = notification.created_at + timedelta(minutes=1)
        notification.save()
        again = resend_notification(notification_id=notification.id, actor="user:1")
    assert not again.by_hand


def test_has_nothing_to_resend_where_there_is_no_event() -> None:
    with pytest.raises(EventNotFound):
        resend_notification(notification_id=uuid7(), actor="user:1")
