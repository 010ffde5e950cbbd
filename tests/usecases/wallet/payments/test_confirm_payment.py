"""confirm_payment: the payer agrees, and the money moves.

The shop has made an order of 12.00; the customer holds 5,000.00.
"""

import pytest
from pytest_django import Settings

from tests.factories.accounts import PIN, available_minor, fund, make_user
from tests.factories.clock import later
from tests.factories.payments import Shop, make_order, make_phone, pay
from tests.factories.risk import one_rule, use_rules
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.check_pin import PinLocked, PinWrong
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.ledger.rules import AccountFrozen, InsufficientFunds
from wallet.payments import rules
from wallet.payments.usecases.close_payment import close_payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.values import PaymentStatus, PayResult, PresentedKind
from wallet.risk.models import RiskDecision
from wallet.risk.rules import PaymentDeclined

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def payer() -> WalletUser:
    return make_user(balance_minor=5_000_00)


def test_pays_a_small_order_without_the_pin(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop)
    outcome = confirm_payment(payment_id=waiting.id, payer_id=payer.id)
    assert (outcome.outcome, outcome.payment.status) == (PayResult.PAID, PaymentStatus.PAID)
    assert (available_minor(payer), shop.balance_minor()) == (4_988_00, 12_00)


def test_moves_the_money_once_when_repeated(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop)
    confirm_payment(payment_id=waiting.id, payer_id=payer.id)
    again = confirm_payment(payment_id=waiting.id, payer_id=payer.id)
    assert again.outcome is PayResult.REPLAYED
    assert shop.balance_minor() == 12_00


def test_asks_for_the_pin_above_the_limit(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop, amount_minor=1_000_01)
    with pytest.raises(rules.PinRequired):
        confirm_payment(payment_id=waiting.id, payer_id=payer.id)
    outcome = confirm_payment(payment_id=waiting.id, payer_id=payer.id, pin=PIN)
    assert outcome.outcome is PayResult.PAID


def test_pays_what_a_till_left_to_the_payer(shop: Shop) -> None:
    phone = make_phone(balance_minor=5_000_00)
    waiting = pay(shop, phone.code(), amount_minor=2_000_00).payment
    confirm_payment(payment_id=waiting.id, payer_id=phone.user.id, pin=PIN)
    assert shop.balance_minor() == 2_000_00


def test_refuses_a_wrong_pin_and_locks_after_five(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop, amount_minor=2_000_00)
    for _ in range(4):
        with pytest.raises(PinWrong):
            confirm_payment(payment_id=waiting.id, payer_id=payer.id, pin="000001")
    with pytest.raises(PinLocked):
        confirm_payment(payment_id=waiting.id, payer_id=payer.id, pin="000001")
    with pytest.raises(PinLocked):
        confirm_payment(payment_id=waiting.id, payer_id=payer.id, pin=PIN)
    assert shop.balance_minor() == 0


def test_refuses_another_payers_order(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop, payer_id=payer.id)
    with pytest.raises(rules.PayerMismatch):
        confirm_payment(payment_id=waiting.id, payer_id=make_user().id)


def test_refuses_another_payer_once_it_is_paid(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop)
    confirm_payment(payment_id=waiting.id, payer_id=payer.id)
    with pytest.raises(rules.PayerMismatch):
        confirm_payment(payment_id=waiting.id, payer_id=make_user().id)


def test_refuses_an_order_that_is_closed(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop)
    close_payment(payment_id=waiting.id)
    with pytest.raises(rules.PaymentClosed):
        confirm_payment(payment_id=waiting.id, payer_id=payer.id)


def test_refuses_an_order_past_its_end(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop)
    later(minutes=5)
    with pytest.raises(rules.PaymentClosed):
        confirm_payment(payment_id=waiting.id, payer_id=payer.id)


def test_refuses_an_unknown_payment(shop: Shop, payer: WalletUser) -> None:
    with pytest.raises(rules.PaymentUnknown):
        confirm_payment(payment_id=shop.id, payer_id=payer.id)


def test_leaves_the_order_open_after_too_little_money(shop: Shop) -> None:
    poor = make_user(balance_minor=5_00)
    waiting = make_order(shop)
    with pytest.raises(InsufficientFunds):
        confirm_payment(payment_id=waiting.id, payer_id=poor.id)
    fund(poor, 7_00)
    assert confirm_payment(payment_id=waiting.id, payer_id=poor.id).outcome is PayResult.PAID
    assert available_minor(poor) == 0


def test_refuses_the_payee_as_payer(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop, payee_owner_id=payer.id)
    with pytest.raises(rules.PayeeIsPayer):
        confirm_payment(payment_id=waiting.id, payer_id=payer.id)


def test_refuses_a_frozen_payer(shop: Shop, payer: WalletUser) -> None:
    waiting = make_order(shop)
    freeze_user(user_id=payer.id, actor="operator:ops", reason="stolen phone")
    with pytest.raises(AccountFrozen):
        confirm_payment(payment_id=waiting.id, payer_id=payer.id)


def test_limits_static_codes_by_the_day_whatever_the_proof(shop: Shop, payer: WalletUser) -> None:
    first = make_order(shop, amount_minor=300_00, presented=PresentedKind.STATIC)
    second = make_order(shop, amount_minor=200_01, presented=PresentedKind.STATIC)
    confirm_payment(payment_id=first.id, payer_id=payer.id)
    with pytest.raises(rules.LimitExceeded) as refusal:
        confirm_payment(payment_id=second.id, payer_id=payer.id, pin=PIN)
    assert refusal.value.fields["remaining_minor"] == 200_00


def test_limits_what_the_pin_pays_by_the_day(
    shop: Shop, payer: WalletUser, settings: Settings
) -> None:
    settings.SAOMA_DAILY_PIN_MINOR = 100_00
    first, second = make_order(shop, amount_minor=60_00), make_order(shop, amount_minor=60_00)
    confirm_payment(payment_id=first.id, payer_id=payer.id, pin=PIN)
    with pytest.raises(rules.LimitExceeded):
        confirm_payment(payment_id=second.id, payer_id=payer.id, pin=PIN)


def test_asks_for_the_pin_past_the_daily_limit(
    shop: Shop, payer: WalletUser, settings: Settings
) -> None:
    settings.SAOMA_DAILY_NO_PIN_MINOR = 100_00
    first, second = make_order(shop, amount_minor=60_00), make_order(shop, amount_minor=60_00)
    confirm_payment(payment_id=first.id, payer_id=payer.id)
    with pytest.raises(rules.PinRequired):
        confirm_payment(payment_id=second.id, payer_id=payer.id)
    assert confirm_payment(payment_id=second.id, payer_id=payer.id, pin=PIN)


def test_keeps_the_verdict_of_a_declined_payment(
    shop: Shop, payer: WalletUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_rules(settings, monkeypatch, one_rule("REJECT"))
    waiting = make_order(shop)
    with pytest.raises(PaymentDeclined) as refusal:
        confirm_payment(payment_id=waiting.id, payer_id=payer.id)
    assert refusal.value.fields["reasons"] == "Not today."
    decision = RiskDecision.objects.get(payment_id=waiting.id)
    assert (decision.decision, decision.reasons) == ("REJECT", ["never"])
    assert shop.balance_minor() == 0


def test_asks_for_the_pin_where_the_risk_rules_do(
    shop: Shop, payer: WalletUser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_rules(settings, monkeypatch, one_rule("CHALLENGE"))
    waiting = make_order(shop)
    with pytest.raises(rules.PinRequired):
        confirm_payment(payment_id=waiting.id, payer_id=payer.id)
    assert confirm_payment(payment_id=waiting.id, payer_id=payer.id, pin=PIN)
