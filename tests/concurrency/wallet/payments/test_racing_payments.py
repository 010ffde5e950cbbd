"""Payments at the same moment, on PostgreSQL with a thread and connection each."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from config.kernel import transactions
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.payments import (
    Shop,
    fresh_code,
    make_order,
    make_paid,
    make_phone,
    order,
    pay,
)
from tests.factories.races import THREADS, race
from wallet.ledger.queries import trial_balance
from wallet.payments.models import Payment, PaymentCode, Refund, Transfer
from wallet.payments.usecases import pay_by_code
from wallet.payments.usecases.cancel_payment import cancel_payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.usecases.pay_by_code import Scan
from wallet.payments.usecases.pay_in_group import PlainPayment, pay_in_group
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.usecases.transfer_money import transfer_money

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_hundred_payments_on_a_hundred_yuan_let_exactly_a_hundred_pass() -> None:
    user, shop = make_user(balance_minor=100_00), Shop()
    codes = [fresh_code(user) for _ in range(200)]
    results = race([partial(pay, shop, code, amount_minor=1_00) for code in codes])
    assert results == {"PAID": 100, "insufficient_funds": 100}
    assert (available_minor(user), shop.balance_minor()) == (0, 100_00)
    assert set(trial_balance().values()) == {0}
    assert PaymentCode.objects.filter(state="CLAIMED").count() == 200


def test_two_tills_with_one_code_give_one_payment() -> None:
    phone, tills = make_phone(), [Shop() for _ in range(THREADS)]
    code = phone.code()
    results = race([partial(pay, till, code) for till in tills])
    assert results == {"PAID": 1, "code_used": THREADS - 1}
    assert available_minor(phone.user) == 88_00


def test_one_order_sent_many_times_at_once_is_paid_once() -> None:
    phone, shop = make_phone(), Shop()
    code = phone.code()
    results = race([partial(pay, shop, code, reference="A1")] * THREADS)
    assert results == {"PAID": 1, "REPLAYED": THREADS - 1}
    assert shop.balance_minor() == 12_00


def test_one_order_number_with_many_payers_is_paid_once() -> None:
    shop, phones = Shop(), [make_phone() for _ in range(THREADS)]
    codes = [phone.code() for phone in phones]
    results = race([partial(pay, shop, code, reference="A1") for code in codes])
    assert results == {"PAID": 1, "payment_already_paid": THREADS - 1}
    assert sum(available_minor(phone.user) for phone in phones) == THREADS * 100_00 - 12_00


def test_a_tier_is_not_passed_by_payments_at_once() -> None:
    user = make_user(kyc_tier=1, balance_minor=2_000_00)
    codes = [fresh_code(user) for _ in range(12)]
    results = race([partial(pay, Shop(), code, amount_minor=100_00) for code in codes])
    assert results == {"PAID": 10, "kyc_limit": 2}


def test_one_order_is_created_once() -> None:
    request = order(Shop(), reference="A1")
    jobs = [lambda: create_payment(request=request)] * THREADS
    assert race(jobs) == {"created=True": 1, "created=False": THREADS - 1}
    assert Payment.objects.count() == 1


def test_refunds_at_once_never_exceed_what_was_paid() -> None:
    phone, shop = make_phone(), Shop()
    paid = make_paid(shop, phone, amount_minor=10_00)
    jobs = [
        partial(refund_payment, payment_id=paid.id, request_no=f"R{n}", amount_minor=3_00)
        for n in range(THREADS)
    ]
    assert race(jobs) == {"changed=True": 3, "refund_exceeds_paid": THREADS - 3}
    assert (available_minor(phone.user), shop.balance_minor()) == (99_00, 1_00)


def test_one_refund_asked_for_many_times_at_once_is_made_once() -> None:
    paid = make_paid(amount_minor=10_00)
    jobs = [lambda: refund_payment(payment_id=paid.id, request_no="R", amount_minor=3_00)]
    assert race(jobs * THREADS) == {"changed=True": 1, "changed=False": THREADS - 1}
    assert Refund.objects.count() == 1


def test_cancelling_many_times_at_once_gives_the_money_back_once() -> None:
    phone, shop = make_phone(), Shop()
    paid = make_paid(shop, phone)
    results = race([lambda: cancel_payment(payment_id=paid.id)] * THREADS)
    assert results == {"changed=True": 1, "changed=False": THREADS - 1}
    assert (available_minor(phone.user), shop.balance_minor()) == (100_00, 0)


def test_confirming_and_cancelling_at_once_ends_in_one_of_the_two() -> None:
    user, shop = make_user(balance_minor=100_00), Shop()
    waiting = make_order(shop, payer_id=user.id)
    jobs: list[Callable[[], Any]] = [
        lambda: confirm_payment(payment_id=waiting.id, payer_id=user.id),
        lambda: cancel_payment(payment_id=waiting.id),
    ]
    race(jobs * 4)
    assert (available_minor(user), shop.balance_minor()) == (100_00, 0)
    assert Payment.objects.get().status == "CLOSED"


def test_transfers_both_ways_at_once_lose_nothing() -> None:
    li, mei = make_user(balance_minor=100_00), make_user(balance_minor=100_00)

    def send(n: int) -> Any:
        payer, payee = (li, mei) if n % 2 else (mei, li)
        return transfer_money(
            key=f"K{n}", payer_id=payer.id, payee_phone=payee.phone, amount_minor=5_00, pin=PIN
        )

    jobs = [partial(send, n) for n in range(20)]
    assert race(jobs) == {"changed=True": 20}
    assert (available_minor(li), available_minor(mei)) == (100_00, 100_00)


def test_one_transfer_sent_many_times_at_once_moves_money_once() -> None:
    li, mei = make_user(balance_minor=100_00), make_user()
    job = partial(
        transfer_money,
        key="K",
        payer_id=li.id,
        payee_phone=mei.phone,
        amount_minor=5_00,
        pin=PIN,
    )
    assert race([job] * THREADS) == {"changed=True": 1, "changed=False": THREADS - 1}
    assert (available_minor(mei), Transfer.objects.count()) == (5_00, 1)


def in_one_group(monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]) -> list[int]:
    """Let the first caller wait until the others have come; gives the sizes of the groups."""
    grouping, sizes = pay_by_code._GROUPING, list[int]()

    def held(scans: Sequence[Scan]) -> Any:
        sizes.append(len(scans))
        for _ in range(2_000 if len(sizes) == 1 else 0):
            if len(grouping._waiting) == THREADS - 1:
                break
            time.sleep(0.005)
        return run(scans)

    monkeypatch.setattr("config.kernel.grouping.PATIENCE_S", 15)
    monkeypatch.setattr(grouping, "_run", held)
    return sizes


def test_a_full_group_of_one_payer_does_not_pass_the_limit(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.SAOMA_DAILY_NO_PIN_MINOR = 5_00
    user = make_user(balance_minor=100_00)
    codes = [fresh_code(user) for _ in range(THREADS)]
    sizes = in_one_group(monkeypatch, pay_by_code.serve)
    results = race([partial(pay, Shop(), code, amount_minor=1_00) for code in codes])
    assert results == {"PAID": 5, "AWAITING_PAYER": THREADS - 5}
    assert (sizes, available_minor(user)) == ([1, THREADS - 1], 95_00)


def test_a_group_that_is_killed_goes_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(plain: Sequence[PlainPayment]) -> Any:
        posted = pay_in_group(plain)
        if len(plain) > 1:
            connection.cursor().execute("SELECT 1 / 0")
        return posted

    monkeypatch.setattr(pay_by_code, "pay_in_group", transactions.atomic_retry(killed))
    user, shop = make_user(balance_minor=100_00), Shop()
    codes = [fresh_code(user) for _ in range(THREADS)]
    in_one_group(monkeypatch, pay_by_code.serve)
    assert race([partial(pay, shop, code) for code in codes]) == {"PAID": THREADS}
    assert (available_minor(user), shop.balance_minor()) == (4_00, 96_00)
    assert Payment.objects.count() == THREADS
