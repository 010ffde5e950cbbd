"""The bank's door: what is signed with the shared secret is taken in, once, and acted on."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from config.http.bank_signature import signature
from config.kernel import timetable
from config.kernel.clock import now
from tests.factories.accounts import available_minor, make_topup, make_user
from wallet.accounts.models import BankCallback, BankInstruction

pytestmark = pytest.mark.django_db
SECRET = "what the bank and we know"
DOOR = "/api/v1/bank/answers"


@pytest.fixture(autouse=True)
def house_bank(settings: Settings) -> None:
    settings.SAOMA_BANK = "tests.factories.parts.HouseBank"
    settings.SAOMA_BANK_SECRET = SECRET


def said(**changes: Any) -> bytes:
    answer = {
        "bank_reference": "B-1",
        "instruction_id": str(uuid.uuid4()),
        "amount_minor": 100_00,
        "currency": "CNY",
        "result": "SUCCEEDED",
    }
    return json.dumps(answer | changes).encode()


def post(body: bytes, *, header: str | None = None, at_s: int | None = None) -> Any:
    signed = signature(body, at_s=at_s or int(now().timestamp()), secret=SECRET)
    return Client().post(
        DOOR,
        body,
        content_type="application/json",
        headers={"Saoma-Signature": signed if header is None else header},
    )


def test_a_signed_answer_moves_the_money_once() -> None:
    user = make_user()
    make_topup(user, 100_00)
    timetable.run("bank.send", now())
    body = said(instruction_id=str(BankInstruction.objects.get().id))
    assert post(body).status_code == 201
    assert post(body).status_code == 200
    timetable.run("bank.process", now())
    timetable.run("bank.process", now())
    assert available_minor(user) == 100_00
    assert BankCallback.objects.count() == 1


@pytest.mark.parametrize("header", ["", "t=1,v1=00", "v1=" + "0" * 64])
def test_an_unsigned_answer_is_refused(header: str) -> None:
    answer = post(said(), header=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "bank_signature_invalid")
    assert not BankCallback.objects.exists()


def test_a_changed_answer_and_an_old_one_are_refused() -> None:
    body = said()
    at_s = int(now().timestamp())
    assert (
        post(said(amount_minor=1), header=signature(body, at_s=at_s, secret=SECRET)).status_code
        == 401
    )
    assert post(body, at_s=at_s - 301).status_code == 401
    assert post(body, header=signature(body, at_s=at_s, secret="other")).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_minor": 0},
        {"currency": "yuan"},
        {"result": "PERHAPS"},
        {"more": 1},
        {"bank_reference": ""},
    ],
)
def test_a_malformed_answer_is_refused_with_its_field(changes: dict[str, Any]) -> None:
    answer = post(said(**changes))
    assert answer.status_code == 400
    assert next(iter(changes)) in answer.content.decode()


def test_without_a_secret_there_is_no_door(settings: Settings) -> None:
    settings.SAOMA_BANK_SECRET = ""
    assert post(said()).status_code == 404
