"""What real banks of payouts and cards tell us: signed, stored first, acted on once."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from config.http.bank_signature import signature
from config.kernel import timetable
from config.kernel.alarms.models import Alarm
from config.kernel.clock import now
from merchants.funds.models import CardAnswer, MerchantTransfer
from merchants.funds.values import TransferState
from merchants.payouts import iso20022
from merchants.payouts.models import BankMessage, Payout
from merchants.payouts.values import BankResult, PayoutState
from tests.factories.funds import balance_minor, give_balance, send_to_card
from tests.factories.merchants import make_merchant
from tests.factories.settlement import made_payout, submitted_payout
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db
SECRET = "what one bank and we know"
PAYOUT_DOOR, CARD_DOOR = "/api/v1/bank/payout-messages", "/api/v1/bank/card-answers"


@pytest.fixture(autouse=True)
def real_banks(settings: Settings) -> None:
    settings.SAOMA_PAYOUT_BANK = "tests.factories.parts.HousePayoutBank"
    settings.SAOMA_CARD_BANK = "tests.factories.parts.HouseCardBank"
    settings.SAOMA_PAYOUT_BANK_SECRET = settings.SAOMA_CARD_BANK_SECRET = SECRET


def post(door: str, body: bytes, *, secret: str = SECRET) -> Any:
    signed = signature(body, at_s=int(now().timestamp()), secret=secret)
    kind = "application/xml" if door == PAYOUT_DOOR else "application/json"
    return Client().post(door, body, content_type=kind, headers={"Saoma-Signature": signed})


def status(payout: Payout, **changes: Any) -> bytes:
    notice = iso20022.Notice(
        reference=payout.id.hex,
        result=BankResult.PAID,
        reason="",
        amount_minor=payout.amount_minor,
        currency=payout.currency,
    )
    return iso20022.write_status([notice._replace(**changes)], number="M1", at=now())


def card_answer(transfer: MerchantTransfer, **changes: Any) -> bytes:
    answer = {
        "bank_reference": "C-1",
        "transfer_number": transfer.number,
        "amount_minor": transfer.amount_minor,
        "currency": "CNY",
        "result": "PAID",
    }
    return json.dumps(answer | changes).encode()


def hear() -> None:
    """Let the timetable act on what came in, twice."""
    for job in ("payouts.hear_bank", "funds.hear_bank") * 2:
        timetable.run(job, now())


def test_a_signed_status_pays_the_payout_once() -> None:
    payout = submitted_payout()
    message = status(payout)
    assert [post(PAYOUT_DOOR, message).status_code for _ in range(2)] == [201, 200]
    hear()
    payout.refresh_from_db()
    assert payout.state == PayoutState.PAID
    assert BankMessage.objects.get().dispositions == {"APPLIED": 1}
    assert verify_ledger().passed


def test_one_refused_notice_stops_no_other() -> None:
    payout = submitted_payout()
    unsent = made_payout()
    notices = [
        iso20022.Notice(each.id.hex, BankResult.PAID, "", each.amount_minor, each.currency)
        for each in (unsent, payout)
    ]
    assert (
        post(PAYOUT_DOOR, iso20022.write_status(notices, number="M2", at=now())).status_code == 201
    )
    hear()
    assert BankMessage.objects.get().dispositions == {"REFUSED": 1, "APPLIED": 1}


@pytest.mark.parametrize("body", [b"", b"<a/>", b"\xff\xfe", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'])
def test_a_message_that_cannot_be_read_is_refused_and_not_stored(body: bytes) -> None:
    answer = post(PAYOUT_DOOR, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bank_message_invalid")
    assert not BankMessage.objects.exists()


def test_a_signed_answer_ends_a_transfer_to_a_card_once() -> None:
    merchant = make_merchant()
    give_balance(merchant, 500_00)
    transfer = send_to_card(merchant, 200_00)
    body = card_answer(transfer)
    assert [post(CARD_DOOR, body).status_code for _ in range(2)] == [201, 200]
    hear()
    transfer.refresh_from_db()
    assert (transfer.state, CardAnswer.objects.count()) == (TransferState.SUCCEEDED, 1)
    assert (
        post(CARD_DOOR, card_answer(transfer, bank_reference="C-2", result="RETURNED")).status_code
        == 201
    )
    hear()
    assert balance_minor(merchant) == 500_00


def test_another_amount_moves_nothing_and_calls_the_operators() -> None:
    merchant = make_merchant()
    give_balance(merchant, 500_00)
    transfer = send_to_card(merchant, 200_00)
    assert post(CARD_DOOR, card_answer(transfer, amount_minor=1)).status_code == 201
    hear()
    transfer.refresh_from_db()
    assert transfer.state == TransferState.PROCESSING
    assert Alarm.objects.get().kind == "card_answer_mismatched"


def test_an_unknown_transfer_is_404() -> None:
    body = json.loads(card_answer(MerchantTransfer(number="1", amount_minor=1)))
    assert post(CARD_DOOR, json.dumps(body).encode()).status_code == 404


@pytest.mark.parametrize("door", [PAYOUT_DOOR, CARD_DOOR])
def test_each_bank_has_a_secret_of_its_own(settings: Settings, door: str) -> None:
    settings.SAOMA_BANK_SECRET = "what another bank and we know"
    assert post(door, b"{}", secret=settings.SAOMA_BANK_SECRET).status_code == 401
    settings.SAOMA_PAYOUT_BANK_SECRET = settings.SAOMA_CARD_BANK_SECRET = ""
    assert post(door, b"{}").status_code == 404
