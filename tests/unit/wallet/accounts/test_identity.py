"""Identity numbers and who is rejected."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.accounts.rules import (
    IdentityInvalid,
    birth_date,
    check_character,
    mask_identity,
    rejection,
)


def test_reads_the_birth_date_of_the_standards_own_example() -> None:
    # Worked example of GB 11643-1999.
    assert birth_date("11010519491231002X") == date(1949, 12, 31)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("110105194912310021", id="wrong check character"),
        pytest.param("11010519491231002x", id="small x"),
        pytest.param("1101051949123100", id="too short"),
        pytest.param("11010519491231002XX", id="too long"),
        pytest.param("1101051949123１002X", id="full-width digit"),
        pytest.param("", id="nothing"),
    ],
)
def test_refuses_a_number_of_the_wrong_form(number: str) -> None:
    with pytest.raises(IdentityInvalid):
        birth_date(number)


@pytest.mark.parametrize("born", ["19900230", "19901301", "00000101"])
def test_refuses_a_date_that_is_none(born: str) -> None:
    digits = f"110105{born}002"
    with pytest.raises(IdentityInvalid):
        birth_date(digits + check_character(digits))


@given(st.from_regex(r"[0-9]{17}", fullmatch=True), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_changes_the_check_character(digits: str, at: int, by: int) -> None:
    digits = "".join(str(ord(d) % 10) if not d.isascii() else d for d in digits)
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    assert check_character(wrong) != check_character(digits)


BIRTHDAY_18 = date(2026, 3, 7)


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        pytest.param(date(2026, 3, 6), "under_age", id="the day before the 18th birthday"),
        pytest.param(date(2026, 3, 7), None, id="the 18th birthday"),
        pytest.param(date(2027, 1, 1), None, id="later"),
    ],
)
def test_is_of_age_from_the_18th_birthday(on: date, reason: str | None) -> None:
    assert rejection(legal_name="Li Hua", born=date(2008, 3, 7), on=on) == reason


def test_a_leap_day_child_is_of_age_on_the_first_of_march() -> None:
    born = date(2008, 2, 29)
    assert rejection(legal_name="Li Hua", born=born, on=date(2026, 2, 28)) == "under_age"
    assert rejection(legal_name="Li Hua", born=born, on=date(2026, 3, 1)) is None


@pytest.mark.parametrize("name", ["Sanctioned Person", " SANCTIONED person ", "受制裁人"])
def test_rejects_a_sanctioned_name_in_any_spelling(name: str) -> None:
    assert rejection(legal_name=name, born=date(1990, 1, 1), on=BIRTHDAY_18) == "sanctioned"


def test_shows_five_characters_of_an_identity_number() -> None:
    assert mask_identity("11010519491231002X") == "110*************2X"
