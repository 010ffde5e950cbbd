"""What the database itself refuses, whatever the code does."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.kernel import clock
from config.kernel.ids import uuid7
from tests.factories.accounts import make_topup, make_user
from wallet.accounts.models import (
    BankCallback,
    BankInstruction,
    KycApplication,
    LimitUsage,
    Topup,
    WalletUser,
    Withdrawal,
)

pytestmark = pytest.mark.django_db


def refuses(rows: Any, **values: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"kyc_tier": 4},
        {"state": "HAPPY"},
        {"user_number": "2088"},
        {"user_number": "2088abcdabcdabcd"},
    ],
)
def test_a_user_cannot_be(values: dict[str, Any]) -> None:
    user = make_user(kyc_tier=0)
    refuses(WalletUser.objects.filter(id=user.id), **values)


@pytest.mark.parametrize("values", [{"lifetime_minor": -1}, {"day_pin_minor": -1}])
def test_what_is_used_of_a_limit_cannot_be_negative(values: dict[str, Any]) -> None:
    user = make_user(kyc_tier=0)
    refuses(LimitUsage.objects.filter(person=user.person), **values)


@pytest.mark.parametrize(
    "values",
    [{"amount_minor": 0}, {"state": "SUCCEEDED"}, {"journal_id": uuid.uuid4()}],
    ids=["amount zero", "success without a journal", "journal without a success"],
)
def test_a_topup_cannot_have(values: dict[str, Any]) -> None:
    topup = make_topup(make_user(), 100)
    refuses(Topup.objects.filter(id=topup.id), **values)


def test_an_instruction_is_there_once_for_each_movement() -> None:
    topup = make_topup(make_user(), 100)
    with pytest.raises(IntegrityError), transaction.atomic():
        BankInstruction.objects.create(
            kind="TOPUP", subject_id=topup.id, amount_minor=1, currency="CNY"
        )


def test_a_withdrawal_has_an_amount() -> None:
    user = make_user(kyc_tier=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Withdrawal.objects.create(user=user, request_key="w", amount_minor=0, unit=0)


def test_a_user_has_one_pending_application() -> None:
    user = make_user(kyc_tier=0)
    row = {
        "user": user,
        "tier": 1,
        "legal_name": "Li",
        "birth_date": clock.today(),
        "due_at": clock.now(),
    }
    KycApplication.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        KycApplication.objects.create(**row)


@pytest.mark.parametrize(
    "values",
    [{"disposition": "APPLIED"}, {"processed_at": clock.now}],
    ids=["disposed but not processed", "processed but not disposed"],
)
def test_a_callback_cannot_be(values: dict[str, Any]) -> None:
    callback = BankCallback.objects.create(
        bank_reference="B1",
        instruction_id=uuid7(),
        amount_minor=1,
        currency="CNY",
        result="SUCCEEDED",
    )
    called = {name: value() if callable(value) else value for name, value in values.items()}
    refuses(BankCallback.objects.filter(id=callback.id), **called)
