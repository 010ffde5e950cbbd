"""Phone numbers: many spellings, one number."""

import pytest

from wallet.accounts.rules import PhoneInvalid, mask_phone, normalise_phone


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("13800138000", "+8613800138000", id="bare Chinese mobile"),
        pytest.param("138 0013-8000", "+8613800138000", id="spaces and hyphens"),
        pytest.param(" +86 138 0013 8000 ", "+8613800138000", id="with country code"),
        pytest.param("008613800138000", "+8613800138000", id="double zero for plus"),
        pytest.param("１３８００１３８０００", "+8613800138000", id="full-width digits"),
        pytest.param("+33 6.12.34.56.78", "+33612345678", id="French, dots"),
        pytest.param("+1 (415) 555-0100", "+14155550100", id="American, brackets"),
        pytest.param("+49123456", "+49123456", id="a short foreign number"),
    ],
)
def test_reads_many_spellings_as_one_number(text: str, number: str) -> None:
    assert normalise_phone(text) == number


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("12800138000", id="no mobile prefix"),
        pytest.param("1380013800", id="one digit short"),
        pytest.param("138001380001", id="one digit long"),
        pytest.param("+8612800138000", id="Chinese but not mobile"),
        pytest.param("+0123456789", id="country code zero"),
        pytest.param("+12345", id="too short"),
        pytest.param("+1234567890123456", id="too long"),
        pytest.param("13800138ooo", id="letters"),
        pytest.param("+86１３８٠٠١٣٨٠٠٠", id="Arabic digits"),
        pytest.param("13800138000\x00", id="NUL at the end"),
        pytest.param("++8613800138000", id="two pluses"),
    ],
)
def test_refuses_what_is_no_phone_number(text: str) -> None:
    with pytest.raises(PhoneInvalid) as refusal:
        normalise_phone(text)
    assert refusal.value.field == "phone"


def test_normalising_twice_changes_nothing() -> None:
    once = normalise_phone("138 0013 8000")
    assert normalise_phone(once) == once


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+8613800138000", "+86138****8000"), ("+49123456", "+49****56")],
)
def test_masks_the_middle(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown
