"""pay_by_code: one scan, one payment.

The customer holds 100.00; the shop asks for 12.00 unless a test says otherwise. Balances
are read back from the ledger, never from the payment.
"""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from pytest_django import Settings

from config.kernel.errors import SaomaError
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import later
from tests.factories.payments import Phone, Shop, fresh_code, make_order, make_phone, pay, stored
from wallet.accounts.models import WalletUser
from wallet.accounts.rules import KycLimit, KycRequired
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.revoke_device import revoke_device
from wallet.ledger.rules import AccountClosed, AccountFrozen, InsufficientFunds
from wallet.payments import rules
from wallet.payments.models import Payment, PaymentCode
from wallet.payments.usecases.close_payment import close_payment
from wallet.payments.usecases.pay_in_group import PlainPayment, Posted, pay_in_group
from wallet.payments.values import Method, PaymentStatus, PayResult
from wallet.qr import paycode

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def phone() -> Phone:
    return make_phone()


def test_moves_the_money_at_once(shop: Shop, phone: Phone) -> None:
    outcome = pay(shop, phone.code())
    assert outcome.outcome is PayResult.PAID
    assert (available_minor(phone.user), shop.balance_minor()) == (88_00, 12_00)


def test_shows_the_payment_as_it_is_stored(shop: Shop, phone: Phone) -> None:
    payment = pay(shop, phone.code(), details={"store": "7"}, description="早餐").payment
    row = stored(payment)
    assert (row.status, row.method, row.details) == ("PAID", "CODE", {"store": "7"})
    assert (payment.status, payment.method) == (PaymentStatus.PAID, Method.CODE)
    for name in ("number", "reference", "description", "amount_minor", "paid_at", "journal_id"):
        assert getattr(payment, name) == getattr(row, name), name
    assert (payment.payer_number, payment.payer_phone) == (phone.user.user_number, phone.user.phone)


def test_numbers_a_payment_by_its_business_date(shop: Shop, phone: Phone) -> None:
    payment = pay(shop, phone.code()).payment
    assert len(payment.number) == 28
    assert payment.business_date is not None
    assert payment.number.startswith(f"{payment.business_date:%Y%m%d}22")


def test_takes_a_code_fetched_online(shop: Shop, phone: Phone) -> None:
    assert pay(shop, fresh_code(phone.user)).outcome is PayResult.PAID


def test_tells_of_the_payment_once(shop: Shop, phone: Phone) -> None:
    payment = pay(shop, phone.code()).payment
    event = OutboxEvent.objects.get(topic="payment.paid")
    assert event.aggregate_id == str(payment.id)
    assert event.payload == {
        "payment_id": str(payment.id),
        "payer_id": str(phone.user.id),
        "payee_id": str(shop.id),
        "device_id": str(phone.device.id),
        "amount_minor": 12_00,
        "currency": "CNY",
        "paid_at": stored(payment).paid_at.isoformat(),  # type: ignore[union-attr]
        "zone": "Asia/Shanghai",
    }


def test_gives_the_first_answer_again_for_the_same_order_and_code(shop: Shop, phone: Phone) -> None:
    code = phone.code()
    first = pay(shop, code, reference="A1")
    again = pay(shop, code, reference="A1")
    assert again.outcome is PayResult.REPLAYED
    assert again.payment == first.payment
    assert shop.balance_minor() == 12_00


def test_refuses_a_code_that_was_spent_on_another_order(shop: Shop, phone: Phone) -> None:
    code = phone.code()
    pay(shop, code)
    with pytest.raises(rules.CodeUsed):
        pay(shop, code)
    assert shop.balance_minor() == 12_00


def test_refuses_another_shop_with_the_same_code_and_order_number(shop: Shop, phone: Phone) -> None:
    code = phone.code()
    pay(shop, code, reference="A1")
    with pytest.raises(rules.CodeUsed):
        pay(Shop(), code, reference="A1")


def test_refuses_a_paid_order_with_a_new_code(shop: Shop, phone: Phone) -> None:
    pay(shop, phone.code(), reference="A1")
    with pytest.raises(rules.PaymentAlreadyPaid):
        pay(shop, phone.code(), reference="A1")
    assert shop.balance_minor() == 12_00


@pytest.mark.parametrize(
    "change", [{"amount_minor": 13_00}, {"description": "lunch"}], ids=["amount", "subject"]
)
def test_refuses_an_order_number_with_other_content(
    shop: Shop, phone: Phone, change: dict[str, object]
) -> None:
    code = phone.code()
    pay(shop, code, reference="A1")
    with pytest.raises(rules.PaymentConflict) as refusal:
        pay(shop, code, reference="A1", **change)
    assert refusal.value.fields["status"] == "PAID"


def test_keeps_the_code_spent_after_too_little_money(shop: Shop) -> None:
    phone = make_phone(balance_minor=5_00)
    code = phone.code()
    with pytest.raises(InsufficientFunds):
        pay(shop, code, reference="A1")
    with pytest.raises(InsufficientFunds):
        pay(shop, code, reference="A1")
    with pytest.raises(rules.CodeUsed):
        pay(shop, code, reference="A2", amount_minor=1_00)
    assert (available_minor(phone.user), Payment.objects.count()) == (5_00, 0)


def test_looks_again_where_another_process_takes_the_order_number(
    shop: Shop, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(plain: Sequence[PlainPayment]) -> list[Posted]:
        monkeypatch.undo()
        make_order(shop, reference="A1")
        return pay_in_group(plain)

    monkeypatch.setattr("wallet.payments.usecases.pay_by_code.pay_in_group", late)
    assert pay(shop, phone.code(), reference="A1").outcome is PayResult.PAID
    assert (Payment.objects.count(), shop.balance_minor()) == (1, 12_00)


def test_lets_a_new_code_pay_an_order_that_failed(shop: Shop) -> None:
    phone = make_phone(balance_minor=5_00)
    with pytest.raises(InsufficientFunds):
        pay(shop, phone.code(), reference="A1")
    rich = make_phone()
    assert pay(shop, rich.code(), reference="A1").outcome is PayResult.PAID


@pytest.mark.parametrize("age_s", [0, 29])
def test_takes_a_code_that_is_a_step_old(shop: Shop, phone: Phone, age_s: int) -> None:
    assert pay(shop, phone.code(age_s=age_s)).outcome is PayResult.PAID


@pytest.mark.parametrize("age_s", [70, 260])
def test_says_expired_for_a_code_of_a_moment_ago(shop: Shop, phone: Phone, age_s: int) -> None:
    with pytest.raises(rules.CodeExpired):
        pay(shop, phone.code(age_s=age_s))
    assert not PaymentCode.objects.filter(strikes__gt=0).exists()


def test_says_invalid_for_a_code_of_long_ago(shop: Shop, phone: Phone) -> None:
    with pytest.raises(rules.CodeInvalid):
        pay(shop, phone.code(age_s=400))


def test_says_expired_for_an_online_code_after_its_minute(shop: Shop, phone: Phone) -> None:
    code = fresh_code(phone.user)
    later(seconds=61)
    with pytest.raises(rules.CodeExpired):
        pay(shop, code)
    later(minutes=6)
    with pytest.raises(rules.CodeInvalid):
        pay(shop, code)


def test_says_expired_for_an_alias_past_its_day(shop: Shop, phone: Phone) -> None:
    alias = phone.aliases[0]
    later(hours=25)
    with pytest.raises(rules.CodeExpired):
        pay(shop, phone.code_of(alias))


def wrong(code: str) -> str:
    """The same alias with another password and a fitting check digit."""
    body = code[:12] + str((int(code[12]) + 1) % 10) + code[13:-1]
    return body + paycode.damm(body)


def test_burns_an_alias_after_three_wrong_passwords(shop: Shop, phone: Phone) -> None:
    code = phone.code()
    for _ in range(3):
        with pytest.raises(rules.CodeInvalid):
            pay(shop, wrong(code))
    with pytest.raises(rules.CodeInvalid):
        pay(shop, code)
    event = OutboxEvent.objects.get(topic="code.burned")
    assert event.payload["user_id"] == str(phone.user.id)


@pytest.mark.parametrize("code", ["", "28", "1" * 20, "x" * 20, "28100000000000000000"])
def test_answers_alike_for_every_code_that_is_none(shop: Shop, code: str) -> None:
    with pytest.raises(rules.CodeInvalid):
        pay(shop, code)


def test_lets_a_payee_cool_down_after_ten_bad_codes(shop: Shop, phone: Phone) -> None:
    for _ in range(10):
        with pytest.raises(rules.CodeInvalid):
            pay(shop, "no code")
    with pytest.raises(rules.PayeeCoolingDown):
        pay(shop, phone.code())
    assert pay(Shop(), phone.code()).outcome is PayResult.PAID
    later(seconds=61)
    assert pay(shop, phone.code()).outcome is PayResult.PAID


def test_refuses_the_codes_of_a_revoked_device(shop: Shop, phone: Phone) -> None:
    code = phone.code()
    revoke_device(user_id=phone.user.id, device_id=phone.device.id)
    with pytest.raises(rules.CodeInvalid):
        pay(shop, code)


def test_leaves_a_large_payment_to_the_payer(shop: Shop) -> None:
    phone = make_phone(balance_minor=5_000_00)
    outcome = pay(shop, phone.code(), amount_minor=1_000_01)
    assert outcome.outcome is PayResult.AWAITING_PAYER
    assert (outcome.payment.status, outcome.payment.needs_pin) == (PaymentStatus.PENDING, True)
    assert available_minor(phone.user) == 5_000_00
    assert OutboxEvent.objects.filter(topic="payment.created").count() == 1


def test_pays_up_to_the_no_pin_limit_at_once(shop: Shop) -> None:
    phone = make_phone(balance_minor=5_000_00)
    assert pay(shop, phone.code(), amount_minor=1_000_00).outcome is PayResult.PAID


def test_gives_the_waiting_payment_again_for_the_same_code(shop: Shop) -> None:
    phone = make_phone(balance_minor=5_000_00)
    code = phone.code()
    first = pay(shop, code, reference="A1", amount_minor=2_000_00)
    again = pay(shop, code, reference="A1", amount_minor=2_000_00)
    assert (again.outcome, again.payment.id) == (PayResult.REPLAYED, first.payment.id)


def test_asks_for_the_pin_past_the_daily_limit(shop: Shop, settings: Settings) -> None:
    settings.SAOMA_DAILY_NO_PIN_MINOR = 20_00
    phone = make_phone()
    assert pay(shop, phone.code()).outcome is PayResult.PAID
    assert pay(shop, phone.code()).outcome is PayResult.AWAITING_PAYER
    later(days=1)
    assert pay(shop, fresh_code(phone.user)).outcome is PayResult.PAID


def test_limits_a_device_out_of_touch(shop: Shop) -> None:
    phone = make_phone(balance_minor=5_000_00)
    first, second = phone.aliases[:2]
    later(minutes=6)
    small = pay(shop, phone.code_of(first), amount_minor=300_00)
    large = pay(shop, phone.code_of(second), amount_minor=300_01)
    assert (small.outcome, large.outcome) == (PayResult.PAID, PayResult.AWAITING_PAYER)


def test_limits_a_device_out_of_touch_by_the_day(shop: Shop) -> None:
    phone = make_phone(balance_minor=5_000_00)
    later(minutes=6)
    outcomes = [
        pay(shop, phone.code_of(alias), amount_minor=300_00).outcome for alias in phone.aliases[:4]
    ]
    assert outcomes == [PayResult.PAID] * 3 + [PayResult.AWAITING_PAYER]


def test_refuses_a_payer_without_verified_identity(shop: Shop) -> None:
    phone = make_phone(make_user(kyc_tier=0))
    with pytest.raises(KycRequired):
        pay(shop, phone.code())


def test_names_what_is_left_of_the_tier(shop: Shop) -> None:
    phone = make_phone(balance_minor=1_500_00, kyc_tier=1)
    pay(shop, phone.code(), amount_minor=900_00)
    with pytest.raises(KycLimit) as refusal:
        pay(shop, phone.code(), amount_minor=200_00)
    assert refusal.value.fields["remaining_minor"] == 100_00


def test_refuses_a_frozen_payer(shop: Shop, phone: Phone) -> None:
    freeze_user(user_id=phone.user.id, actor="operator:ops", reason="stolen phone")
    code = phone.code()
    with pytest.raises(AccountFrozen):
        pay(shop, code)
    with pytest.raises(rules.CodeUsed):
        pay(shop, code)


def test_refuses_to_pay_the_own_shop(shop: Shop, phone: Phone) -> None:
    with pytest.raises(rules.PayeeIsPayer):
        pay(shop, phone.code(), payee_owner_id=phone.user.id)


def test_refuses_to_pay_the_own_wallet(shop: Shop, phone: Phone) -> None:
    with pytest.raises(rules.PayeeIsPayer):
        pay(shop, phone.code(), payee_account_id=phone.user.available_account_id)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"amount_minor": 0}, rules.AmountOutOfRange),
        ({"amount_minor": -1}, rules.AmountOutOfRange),
        ({"amount_minor": 100_000_000_01}, rules.AmountOutOfRange),
        ({"currency": "USD"}, rules.CurrencyUnsupported),
        ({"reference": ""}, rules.ReferenceInvalid),
        ({"reference": "A" * 65}, rules.ReferenceInvalid),
        ({"reference": "A\0"}, rules.ReferenceInvalid),
    ],
)
def test_refuses_a_request_that_is_wrong(
    shop: Shop, phone: Phone, change: dict[str, object], error: type[SaomaError]
) -> None:
    with pytest.raises(error):
        pay(shop, phone.code(), **change)


def test_pays_an_order_made_beforehand(shop: Shop, phone: Phone) -> None:
    waiting = make_order(shop, reference="A1", payer_id=phone.user.id)
    outcome = pay(shop, phone.code(), reference="A1")
    assert (outcome.outcome, outcome.payment.id) == (PayResult.PAID, waiting.id)
    assert shop.balance_minor() == 12_00


def test_refuses_an_order_made_for_another_payer(shop: Shop, phone: Phone) -> None:
    make_order(shop, reference="A1", payer_id=make_user().id)
    with pytest.raises(rules.PayerMismatch):
        pay(shop, phone.code(), reference="A1")


def test_refuses_an_order_that_is_closed(shop: Shop, phone: Phone) -> None:
    close_payment(payment_id=make_order(shop, reference="A1").id)
    with pytest.raises(rules.PaymentClosed):
        pay(shop, phone.code(), reference="A1")


def test_counts_the_payment_in_the_payees_zone(shop: Shop, phone: Phone) -> None:
    payment = pay(shop, phone.code(), payee_zone="Pacific/Kiritimati").payment
    assert payment.paid_at is not None
    assert payment.business_date == (payment.paid_at + timedelta(hours=14)).date()


def test_refuses_an_order_past_its_end(shop: Shop, phone: Phone) -> None:
    make_order(shop, reference="A1")
    later(minutes=5)
    with pytest.raises(rules.PaymentClosed):
        pay(shop, fresh_code(phone.user), reference="A1")


def test_counts_no_strike_on_a_code_that_is_spent(shop: Shop, phone: Phone) -> None:
    code = phone.code()
    pay(shop, code)
    with pytest.raises(rules.CodeInvalid):
        pay(shop, wrong(code))
    assert not PaymentCode.objects.filter(strikes__gt=0).exists()


def test_refuses_a_payer_who_has_left(shop: Shop, phone: Phone) -> None:
    WalletUser.objects.filter(id=phone.user.id).update(state="CLOSED")
    with pytest.raises(AccountClosed):
        pay(shop, phone.code())


@pytest.mark.parametrize(
    "change",
    [
        {"description": "x" * 257},
        {"description": "a\0b"},
        {"description": "half \ud800"},
        {"reference": "half \ud800"},
        {"details": {"note": "a\0b"}},
        {"details": {"note": "half \ud800"}},
    ],
)
def test_refuses_texts_that_cannot_be_stored(
    shop: Shop, phone: Phone, change: dict[str, object]
) -> None:
    with pytest.raises((rules.TextInvalid, rules.ReferenceInvalid)):
        pay(shop, phone.code(), **change)
    assert shop.balance_minor() == 0


def test_shortens_what_the_journal_says_and_keeps_the_payment_whole(
    shop: Shop, phone: Phone
) -> None:
    payment = pay(shop, phone.code(), description="长" * 256, payee_name="n" * 300).payment
    assert len(stored(payment).description) == 256
    assert len(payment.payee_name) == 128
