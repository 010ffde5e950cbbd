"""Every way out of a wallet is judged before the money moves."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from config.kernel import clock
from tests.factories.accounts import PIN
from tests.factories.clock import later
from tests.factories.payments import Shop, make_phone, pay
from tests.factories.risk import one_rule, use_rules
from wallet.accounts.models import Withdrawal
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.payments.models import Transfer
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.risk.models import ListEntry, RiskCase, RiskDecision
from wallet.risk.queries.current import forget
from wallet.risk.rules import PaymentDeclined, PaymentDelayed
from wallet.risk.usecases.assess_movement import assess_movement
from wallet.risk.values import Decision, Movement, Subject

pytestmark = pytest.mark.django_db
EVERY_WAY = ("CODE", "SCAN", "DEBIT", "TRANSFER", "WITHDRAWAL", "MERCHANT_TRANSFER")


def block(listed: str, subject_id: uuid.UUID) -> None:
    ListEntry.objects.create(
        listed=listed, subject_id=subject_id, kind="block", reason="stolen", added_by="ann"
    )
    forget()


def send(payer_id: uuid.UUID, phone: str, key: str = "k1") -> None:
    transfer_money(key=key, payer_id=payer_id, payee_phone=phone, amount_minor=1_00, pin=PIN)


def test_a_blocked_payer_moves_nothing_by_any_way() -> None:
    shop, phone, friend = Shop(), make_phone(), make_phone()
    block("payer", phone.user.id)
    with pytest.raises(PaymentDeclined):
        pay(shop, phone.code(), amount_minor=1_00)
    with pytest.raises(PaymentDeclined):
        send(phone.user.id, friend.user.phone)
    with pytest.raises(PaymentDeclined):
        request_withdrawal(user_id=phone.user.id, key="w", amount_minor=1_00, pin=PIN)
    assert (Transfer.objects.count(), Withdrawal.objects.count(), shop.balance_minor()) == (0, 0, 0)
    movements = set(RiskDecision.objects.values_list("movement", flat=True))
    assert movements == {"CODE", "TRANSFER", "WITHDRAWAL"}


def test_a_blocked_device_cannot_pay_and_the_payer_hears_a_plain_reason() -> None:
    phone = make_phone()
    block("device", phone.device.id)
    with pytest.raises(PaymentDeclined) as refusal:
        pay(Shop(), phone.code(), amount_minor=1_00)
    assert refusal.value.fields == {"reasons": "This device cannot pay; use another one of yours."}


def test_a_delayed_transfer_is_challenged_once_its_pause_is_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_rules(settings, monkeypatch, one_rule("DELAY", movements=EVERY_WAY))
    payer, friend = make_phone(), make_phone()
    with pytest.raises(PaymentDelayed) as first:
        send(payer.user.id, friend.user.phone)
    assert first.value.fields["retry_after_s"] == 1800
    later(minutes=10)
    with pytest.raises(PaymentDelayed) as second:
        send(payer.user.id, friend.user.phone)
    assert second.value.fields["retry_after_s"] in range(1190, 1201)
    later(minutes=21)
    send(payer.user.id, friend.user.phone)
    assert Transfer.objects.count() == 1


def test_a_withdrawal_that_the_rules_review_waits_with_its_money_held(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_rules(settings, monkeypatch, one_rule("REVIEW", movements=EVERY_WAY))
    phone = make_phone()
    withdrawal, _ = request_withdrawal(user_id=phone.user.id, key="w", amount_minor=1_00, pin=PIN)
    assert (withdrawal.state, withdrawal.hold_id is not None) == ("REVIEW", True)
    assert RiskCase.objects.get().decisions.get().payment_id == withdrawal.id


def subject(movement: Movement) -> Subject:
    return Subject(uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), None, 100, "CNY", movement)


def test_without_a_model_the_rules_decide_alone_and_the_verdict_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_rules(settings, monkeypatch, one_rule("REJECT", when="model_score >= 0.5"))
    assessed = assess_movement(subject=subject(Movement.CODE), context={}, at=clock.now())
    assert assessed.verdict.decision is Decision.ACCEPT
    assert assessed.verdict.degraded == ("model",)


def test_without_counters_a_limit_refuses(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("wallet.risk.usecases.assess_movement.read_windows", fail)
    limit = one_rule("DELAY", when="payer_payees_1h > 3", is_limit=True)
    use_rules(settings, monkeypatch, limit)
    assessed = assess_movement(subject=subject(Movement.CODE), context={}, at=clock.now())
    assert assessed.verdict.decision is Decision.DELAY
    assert assessed.verdict.degraded == ("counters",)


@pytest.mark.postgres
def test_counters_that_fail_leave_the_callers_transaction_usable(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr("wallet.risk.queries.windows.from_database", fail)
    limit = one_rule("DELAY", when="payer_payees_1h > 3", is_limit=True)
    use_rules(settings, monkeypatch, limit)
    with transaction.atomic():
        assessed = assess_movement(subject=subject(Movement.CODE), context={}, at=clock.now())
        assert RiskCase.objects.count() == 0
    assert assessed.verdict.degraded == ("counters",)


def test_what_no_rule_names_is_not_looked_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallet.risk.usecases.assess_movement.read_windows", None)
    use_rules(settings, monkeypatch, one_rule("REJECT"))
    assessed = assess_movement(subject=subject(Movement.CODE), context={}, at=clock.now())
    assert set(assessed.features) == {"amount_minor", "movement"}
