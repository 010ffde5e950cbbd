"""A cursor leads on in the list that gave it, and nowhere else."""

import pytest

from config.kernel.cursors import BadCursor, read_cursor, write_cursor

MADE = write_cursor("/api/v1/payments", "f", "0", "0190-ab")


def test_a_cursor_leads_back_to_its_place() -> None:
    assert read_cursor("/api/v1/payments", MADE, parts=3, field="cursor") == ["f", "0", "0190-ab"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cD0yMDI2", id="a position without a seal"),
        pytest.param(MADE[:-1], id="one letter short"),
        pytest.param(MADE[: len(MADE) // 2], id="half of it"),
        pytest.param(MADE + "AAAA", id="something after it"),
        pytest.param("A" + MADE[1:], id="one letter changed"),
        pytest.param(MADE + "\x00", id="NUL"),
        pytest.param("中", id="no base64"),
        pytest.param("=" * 8, id="padding alone"),
        pytest.param("x" * 9000, id="far too long"),
        pytest.param(write_cursor("/api/v1/orders", "f", "0", "0190-ab"), id="another list's"),
    ],
)
def test_every_other_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadCursor) as refusal:
        read_cursor("/api/v1/payments", text, parts=3, field="cursor")
    assert (refusal.value.code, refusal.value.field) == ("bad_cursor", "cursor")
