"""Passwords and PINs: which are refused, how they are kept."""

import uuid

import pytest

from wallet.accounts.rules import (
    PasswordWeak,
    PinInvalid,
    PinWeak,
    check_password,
    check_pin_shape,
    hash_secret,
    is_secret,
    peppered,
    token_hash,
)

COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
PHONE = "+8613800138000"


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("seven77", id="seven characters"),
        pytest.param("x" * 129, id="129 characters"),
        pytest.param("aaaaaaaa", id="one character repeated"),
        pytest.param("13800138000", id="the phone number"),
        pytest.param("+8613800138000", id="the phone number in full"),
    ],
)
def test_refuses_a_password_that_is_tried_first(password: str) -> None:
    with pytest.raises(PasswordWeak):
        check_password(password, phone=PHONE)


@pytest.mark.parametrize("password", ["eight888", "密码密码密码密码x", "x" * 127 + "y"])
def test_takes_a_password_of_8_to_128_characters(password: str) -> None:
    check_password(password, phone=PHONE)


@pytest.mark.parametrize("pin", ["", "12345", "1357901", "13579a", "１３５７９０", "13579\n"])
def test_refuses_a_pin_that_is_not_six_digits(pin: str) -> None:
    with pytest.raises(PinInvalid):
        check_pin_shape(pin)


@pytest.mark.parametrize("pin", ["000000", "999999", "123456", "567890", "987654", "098765"])
def test_refuses_a_pin_that_is_tried_first(pin: str) -> None:
    with pytest.raises(PinWeak):
        check_pin_shape(pin)


@pytest.mark.parametrize("pin", ["135790", "112233", "100000"])
def test_takes_another_pin(pin: str) -> None:
    check_pin_shape(pin)


def test_knows_a_secret_again() -> None:
    kept = hash_secret("open sesame", cost=COST)
    assert kept.startswith("$argon2id$")
    assert is_secret(kept, "open sesame")
    assert not is_secret(kept, "open sesam")


def test_says_no_when_the_stored_hash_is_none() -> None:
    assert not is_secret("", "open sesame")


def test_two_hashes_of_one_secret_differ() -> None:
    assert hash_secret("same", cost=COST) != hash_secret("same", cost=COST)


def test_the_pepper_and_the_user_are_part_of_a_pin() -> None:
    one, other = uuid.UUID(int=1), uuid.UUID(int=2)
    kept = peppered(b"pepper", one, "135790")
    assert kept == peppered(b"pepper", one, "135790")
    assert kept != peppered(b"pepper", other, "135790")
    assert kept != peppered(b"salt", one, "135790")


def test_hashes_any_token_text_even_broken_unicode() -> None:
    assert len(token_hash("\ud800")) == 64
