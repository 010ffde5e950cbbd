"""What falls due: unpaid payments lapse, paid ones finish, old codes are forgotten."""

from datetime import timedelta

import pytest

from config.kernel import timetable
from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent
from tests.factories.payments import Shop, fresh_code, make_order, make_paid, make_phone, stored
from wallet.accounts.usecases.revoke_device import revoke_device
from wallet.payments import queries, tasks
from wallet.payments.models import PaymentCode
from wallet.payments.usecases.expire_payments import expire_payments
from wallet.payments.usecases.finish_payments import finish_payments
from wallet.payments.values import CODE_RETENTION, CodeState

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_an_unpaid_payment_closes_at_its_end(shop: Shop) -> None:
    waiting = make_order(shop)
    assert queries.next_expiry_at() == waiting.expires_at
    assert expire_payments(at=waiting.expires_at - timedelta(seconds=1)) == 0
    assert expire_payments(at=waiting.expires_at) == 1
    assert expire_payments(at=waiting.expires_at) == 0
    assert (stored(waiting).status, stored(waiting).close_reason) == ("CLOSED", "EXPIRED")
    assert queries.next_expiry_at() is None


def test_a_paid_payment_never_expires(shop: Shop) -> None:
    paid = make_paid(shop)
    assert expire_payments(at=paid.expires_at + timedelta(days=1)) == 0


def test_a_paid_payment_finishes_after_its_refund_window(shop: Shop) -> None:
    paid = make_paid(shop)
    finish_at = queries.next_finish_at()
    assert paid.paid_at is not None
    assert finish_at == paid.paid_at + timedelta(days=365)
    assert finish_payments(at=finish_at - timedelta(seconds=1)) == 0
    assert finish_payments(at=finish_at) == 1
    assert finish_payments(at=finish_at) == 0
    assert stored(paid).status == "FINISHED"
    assert OutboxEvent.objects.filter(topic="payment.finished").count() == 1


def test_the_timetable_knows_all_three(shop: Shop) -> None:
    waiting = make_order(shop)
    assert timetable.run("payments.expire", waiting.expires_at) == 1
    assert timetable.run("payments.finish", waiting.expires_at) == 0
    assert timetable.run("payments.drop_codes", waiting.expires_at) == 0


def test_old_codes_are_forgotten_two_days_after_their_end() -> None:
    assert tasks.next_drop_at() is None
    phone = make_phone()
    fresh_code(phone.user)
    due = tasks.next_drop_at()
    assert due is not None
    assert timetable.run("payments.drop_codes", due) == 1
    assert PaymentCode.objects.count() == 10


def test_the_codes_of_an_hour_are_forgotten_together() -> None:
    make_phone()
    end, hour = PaymentCode.objects.latest("expires_at").expires_at, timedelta(hours=1)
    for number, code in enumerate(PaymentCode.objects.all()[:3]):
        code.expires_at = end - hour * 24 + hour / 2 * number
        code.save(update_fields=["expires_at"])
    due = tasks.next_drop_at()
    assert due == end - hour * 24 + CODE_RETENTION
    assert timetable.run("payments.drop_codes", due - hour - timedelta(seconds=1)) == 0
    assert timetable.run("payments.drop_codes", due) == 3
    assert PaymentCode.objects.count() == 7


def test_a_revoked_device_loses_its_unused_aliases(shop: Shop) -> None:
    phone = make_phone()
    make_paid_by = phone.code()
    PaymentCode.objects.filter(token=make_paid_by[3:12]).update(state=CodeState.CLAIMED)
    revoke_device(user_id=phone.user.id, device_id=phone.device.id)
    relay.drain()
    assert list(PaymentCode.objects.values_list("state", flat=True)) == ["CLAIMED"]
