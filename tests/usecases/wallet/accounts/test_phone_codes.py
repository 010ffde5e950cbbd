"""Codes sent to a phone: who has it proves it, registers with it, resets a password."""

import re

import pytest
from pytest_django.fixtures import Settings

from tests.factories.accounts import ADDRESS, PASSWORD, PIN, make_user, token_of
from tests.factories.clock import later
from wallet.accounts import queries
from wallet.accounts.models import PhoneCode, SmsMessage
from wallet.accounts.phones import (
    PhoneCodeRequired,
    PhoneCodeWrong,
    TooManyCodes,
    TooManyCodeTries,
    TooManyRegistrations,
)
from wallet.accounts.usecases.open_session import LoginFailed, open_session
from wallet.accounts.usecases.prove_phone import prove_phone
from wallet.accounts.usecases.register_user import admit_registration
from wallet.accounts.usecases.reset_password import reset_password
from wallet.accounts.usecases.send_phone_code import send_phone_code
from wallet.accounts.values import CodePurpose

pytestmark = pytest.mark.django_db
PHONE = "+8613900001111"
NEW = "another long password"


def sent(phone: str, purpose: CodePurpose) -> str:
    """Ask for a code, and read it on the phone."""
    send_phone_code(phone=phone, purpose=purpose, address=ADDRESS)
    newest = queries.messages_to(phone)[0].text
    digits = re.search(r"\d{6}", newest)
    return digits.group() if digits else ""


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def admitted(code: str | None) -> bool:
    return admit_registration(
        phone=PHONE, name="Li", password=PASSWORD, pin=PIN, code=code, address=ADDRESS
    )


def test_a_code_proves_the_phone_of_a_registration_once() -> None:
    code = sent(PHONE, CodePurpose.REGISTER)
    with pytest.raises(PhoneCodeWrong):
        admitted(wrong(code))
    assert admitted(code)
    with pytest.raises(PhoneCodeWrong):
        admitted(code)


def test_a_registration_without_a_code_is_for_the_lab_alone(settings: Settings) -> None:
    settings.SAOMA_PHONE_PROOF = False
    assert not admitted(None)
    settings.SAOMA_PHONE_PROOF = True
    with pytest.raises(PhoneCodeRequired):
        admitted(None)


def test_registrations_from_one_address_are_limited(settings: Settings) -> None:
    settings.SAOMA_PHONE_PROOF = False
    settings.SAOMA_REGISTRATIONS_HOURLY = 2
    admitted(None), admitted(None)
    with pytest.raises(TooManyRegistrations) as refusal:
        admitted(None)
    assert 3500 < int(str(refusal.value.fields["retry_after_s"])) <= 3600
    later(hours=1)
    admitted(None)


def test_a_code_is_too_old_after_ten_minutes() -> None:
    code = sent(PHONE, CodePurpose.REGISTER)
    later(minutes=10)
    with pytest.raises(PhoneCodeWrong):
        admitted(code)


def test_a_new_code_ends_the_one_before_it() -> None:
    first = sent(PHONE, CodePurpose.REGISTER)
    second = sent(PHONE, CodePurpose.REGISTER)
    if first != second:
        with pytest.raises(PhoneCodeWrong):
            admitted(first)
    assert admitted(second)


def test_the_right_code_does_not_count_after_five_wrong_ones() -> None:
    code = sent(PHONE, CodePurpose.REGISTER)
    for _ in range(5):
        with pytest.raises(PhoneCodeWrong):
            admitted(wrong(code))
    with pytest.raises(TooManyCodeTries):
        admitted(code)


def test_a_phone_is_sent_five_codes_an_hour() -> None:
    for _ in range(5):
        sent(PHONE, CodePurpose.REGISTER)
    with pytest.raises(TooManyCodes):
        sent(PHONE, CodePurpose.RESET)


def test_the_phone_alone_learns_whether_it_has_an_account() -> None:
    user = make_user(kyc_tier=0)
    assert sent(user.phone, CodePurpose.REGISTER) == ""
    assert sent(PHONE, CodePurpose.RESET) == ""
    assert PhoneCode.objects.count() == 0
    assert SmsMessage.objects.count() == 2


def test_a_code_for_one_purpose_is_good_for_no_other() -> None:
    user = make_user(kyc_tier=0)
    code = sent(user.phone, CodePurpose.PROVE)
    with pytest.raises(PhoneCodeWrong):
        reset_password(phone=user.phone, code=code, password=NEW, address=ADDRESS)
    assert prove_phone(user_id=user.id, code=code).phone_proven_at is not None


def test_a_reset_sets_the_password_and_ends_all_sessions() -> None:
    user = make_user(kyc_tier=0)
    token = token_of(user)
    reset_password(
        phone=user.phone, code=sent(user.phone, CodePurpose.RESET), password=NEW, address=ADDRESS
    )
    assert open_session(phone=user.phone, password=NEW, address=ADDRESS)
    with pytest.raises(LoginFailed):
        open_session(phone=user.phone, password=PASSWORD, address=ADDRESS)
    user.refresh_from_db()
    assert queries.live_session(token, at=user.created_at) is None
    assert user.phone_proven_at is not None


def test_a_reset_of_nobodys_password_is_a_wrong_code() -> None:
    with pytest.raises(PhoneCodeWrong):
        reset_password(phone=PHONE, code="123456", password=NEW, address=ADDRESS)


def test_no_code_stands_in_the_table_of_codes() -> None:
    code = sent(PHONE, CodePurpose.REGISTER)
    assert code not in repr(PhoneCode.objects.values().get()["digest"])
