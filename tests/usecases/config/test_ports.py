"""What stands behind the ports is what the settings name, and outside the lab it is said."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config.kernel.alarms.models import Alarm
from config.kernel.alarms.raise_alarm import raise_alarm
from config.kernel.outbox import relay
from config.kernel.ports import check_ports, simulated_parts
from config.settings.parts import PARTS, chosen_parts
from tests.factories import parts
from tests.factories.accounts import make_topup, make_user
from tests.factories.clock import advance
from wallet.accounts.models import BankAnswer, KycApplication
from wallet.accounts.usecases.apply_for_kyc import apply_for_kyc
from wallet.accounts.usecases.send_phone_code import send_phone_code
from wallet.accounts.values import CodePurpose, TopupState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_told() -> Iterator[None]:
    parts.told.clear()
    yield
    parts.told.clear()


@pytest.mark.parametrize("name", PARTS)
def test_outside_the_lab_each_part_must_be_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in PARTS:
        monkeypatch.setenv(other, "simulated")
    assert chosen_parts(lab_mode=False) == dict.fromkeys(PARTS, "simulated")
    monkeypatch.delenv(name)
    with pytest.raises(ImproperlyConfigured, match=rf"not set: {name} \("):
        chosen_parts(lab_mode=False)


def test_an_adapter_that_cannot_be_made_stops_the_start(settings: Settings) -> None:
    assert check_ports() == []
    settings.SAOMA_PARTS = settings.SAOMA_PARTS | {"SAOMA_SMS": "nowhere.Sender"}
    (error,) = check_ports()
    assert error.id == "saoma.E001"
    assert "SAOMA_SMS='nowhere.Sender'" in error.msg


def test_what_is_simulated_is_known_by_name(settings: Settings) -> None:
    settings.SAOMA_PARTS = dict.fromkeys(PARTS, "tests.factories.parts.HouseBank") | {
        "SAOMA_SMS": "simulated"
    }
    assert simulated_parts() == ["SAOMA_SMS"]


def test_a_bank_of_ones_own_has_the_instructions_and_answers_by_itself(settings: Settings) -> None:
    settings.SAOMA_BANK = "tests.factories.parts.HouseBank"
    topup = make_topup(make_user(), 100_00)
    advance(seconds=5)
    topup.refresh_from_db()
    assert len(parts.told) == 1
    assert topup.state == TopupState.PROCESSING
    assert not BankAnswer.objects.exists()


def test_a_registry_that_has_not_answered_is_asked_again(settings: Settings) -> None:
    user = make_user(kyc_tier=0)
    settings.SAOMA_IDENTITY_CHECK = "tests.factories.parts.SlowRegistry"
    application = apply_for_kyc(
        user_id=user.id, tier=1, legal_name="李华", id_number="11010519491231002X"
    )
    advance(seconds=10)
    application.refresh_from_db()
    assert application.state == "PENDING"
    advance(minutes=1)
    application = KycApplication.objects.get()
    assert (application.state, application.reason) == ("REJECTED", "number_unknown")
    assert parts.told[0] == "11010519491231002X"


def test_a_message_is_sent_again_until_the_line_stands(settings: Settings) -> None:
    settings.SAOMA_SMS = "tests.factories.parts.Telephone"
    parts.told.append("dead")
    send_phone_code(phone="13800138000", purpose=CodePurpose.REGISTER, address="10.0.0.1")
    with pytest.raises(ConnectionError):
        relay.drain()
    parts.told.clear()
    relay.drain()
    relay.drain()
    ((phone, text),) = parts.told
    assert phone.endswith("13800138000")
    assert any(character.isdigit() for character in text)


def test_an_alarm_calls_whoever_is_on_duty(settings: Settings) -> None:
    settings.SAOMA_ALERTS = "tests.factories.parts.Telephone"
    raise_alarm(kind="books_broken", facts={})
    relay.drain()
    assert parts.told == ["books_broken"]
    assert Alarm.objects.count() == 1


def test_a_simulated_sender_costs_no_event(settings: Settings) -> None:
    raise_alarm(kind="books_broken", facts={})
    send_phone_code(phone="13800138000", purpose=CodePurpose.REGISTER, address="10.0.0.1")
    assert relay.drain() == 0
