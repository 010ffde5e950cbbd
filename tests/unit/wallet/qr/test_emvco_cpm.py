"""EMVCo's consumer-presented codes, as a till meets them."""

import pytest

from wallet.qr.emvco_cpm import Node, decode, encode, read_customer_code
from wallet.qr.values import Level

AID, OTHER_AID = "A0000000555555", "A0000000666666"
PAN = Node("5A", bytes.fromhex("1234567890123458"))
INDICATOR = Node("85", b"CPV01")


def application(aid: str = AID, *children: Node) -> Node:
    """An application template with its ADF name."""
    return Node("61", b"", (Node("4F", bytes.fromhex(aid)), *children))


def errors(*nodes: Node) -> tuple[str, ...]:
    """Read the errors of a payload made of these nodes."""
    return read_customer_code(encode(nodes)).errors


def test_a_payload_survives_the_round_trip() -> None:
    payload = encode([INDICATOR, application(AID, PAN)])

    assert payload.startswith("hQVDUFY")
    assert encode(decode(payload)) == payload


def test_a_card_number_is_shown_by_its_ends_only() -> None:
    track = Node("57", bytes.fromhex("1234567890123458D191220112345F"))

    for source in (PAN, track):
        details = read_customer_code(encode([INDICATOR, application(AID, source)])).details
        assert details == {"application": AID, "card_number": "123456…3458"}


@pytest.mark.parametrize(
    ("nodes", "error"),
    [
        ([application(AID, PAN)], "85 missing, not first or not CPV01"),
        ([Node("85", b"CPV02"), application(AID, PAN)], "85 missing, not first or not CPV01"),
        ([INDICATOR], "no 61 application template"),
        ([INDICATOR, application()], "neither 57 nor 5A"),
        ([INDICATOR, application(AID, PAN, PAN)], "duplicate 5A"),
        ([INDICATOR, INDICATOR, application(AID, PAN)], "duplicate 85"),
        ([INDICATOR, application("A000", PAN)], "no 61 with a 4F of 5 to 16 bytes"),
        ([INDICATOR, Node("61", b"", (PAN,))], "no 61 with a 4F of 5 to 16 bytes"),
    ],
)
def test_what_stops_a_till_is_named(nodes: list[Node], error: str) -> None:
    assert errors(*nodes) == (error,)


def test_common_data_may_hold_the_card_number_of_both() -> None:
    assert errors(INDICATOR, application(), application(OTHER_AID), Node("62", b"", (PAN,))) == ()


def test_a_bad_format_is_a_warning_to_the_till_and_an_error_to_emvco() -> None:
    bad = (Node("5F2D", b"eng"), Node("9F19", b"\x0a" * 6), Node("50", b"\x01"))
    common = Node("62", b"", (Node("9F25", b"\x12"),))

    reading = read_customer_code(encode([INDICATOR, application(AID, PAN, *bad), common]))

    assert reading.valid
    assert [text.partition(" ")[0] for text in reading.strict_errors] == [
        "62", "5F2D", "9F19", "50", "9F25",
    ]  # fmt: skip


def test_a_third_application_is_one_too_many_for_emvco() -> None:
    reading = read_customer_code(encode([INDICATOR, *[application(AID, PAN)] * 3]))

    assert reading.valid
    assert reading.strict_errors == ("more than two 61",)


@pytest.mark.parametrize(
    "payload",
    ["hQVDUFY!", "hQVDUFYé", "hQVDUFY", "hQVDUFYwMWE", "hQVDUFY" + "A" * 5000],
)
def test_what_is_no_base64_of_ber_is_broken(payload: str) -> None:
    reading = read_customer_code(payload)

    assert reading.errors == ("tlv_invalid",)
    assert reading.level is Level.TLV


def test_templates_do_not_nest_without_end() -> None:
    node = PAN
    for _ in range(5):
        node = Node("61", b"", (node,))

    assert read_customer_code(encode([INDICATOR, node])).strict_errors == ("tlv: nested too deep",)


def test_an_empty_payload_has_no_application() -> None:
    assert read_customer_code("").errors == (
        "85 missing, not first or not CPV01",
        "no 61 application template",
    )


@pytest.mark.parametrize(
    "nodes",
    [
        [INDICATOR, application(AID, PAN), Node("61", b"", (PAN,))],
        [INDICATOR, Node("61", b"", (PAN,)), application(AID, PAN)],
    ],
)
def test_each_application_needs_its_name_for_emvco(nodes: list[Node]) -> None:
    reading = read_customer_code(encode(nodes))

    assert reading.valid
    assert reading.strict_errors == ("61 without 4F",)
