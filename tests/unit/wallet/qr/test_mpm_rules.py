"""Each of EMVCo's rules, broken alone."""

import pytest

from tests.unit.wallet.qr.builders import merchant_code
from wallet.qr import mpm_rules
from wallet.qr.emvco_mpm import MerchantCodeInvalid, parse, seal
from wallet.qr.mpm_rules import strict_problems
from wallet.qr.tlv import TlvInvalid, TlvUnwritable


def broken(payload: str) -> list[str]:
    """Name the places where a payload breaks a rule."""
    return [problem.where for problem in strict_problems(parse(payload))]


def test_a_clean_code_has_no_problem() -> None:
    assert broken(merchant_code()) == []


@pytest.mark.parametrize("missing", ["52", "53", "58", "59", "60"])
def test_a_mandatory_object_is_missed(missing: str) -> None:
    assert broken(merchant_code({missing: None})) == [missing]


def test_a_code_without_any_account_is_refused() -> None:
    assert broken(merchant_code({"26": None})) == ["02"]


@pytest.mark.parametrize(
    ("identifier", "value"),
    [
        ("00", "02"),
        ("01", "10"),
        ("02", "é"),
        ("26", "not a template"),
        ("26", "0103abc"),
        ("26", "00330123456789012345678901234567890ab"),
        ("52", "12A4"),
        ("53", "1560"),
        ("54", "98,73"),
        ("54", "3 705"),
        ("54", "0.00"),
        ("54", "12345678901.12"),
        ("54", "1.234"),
        ("55", "04"),
        ("58", "CHN"),
        ("59", "A" * 26),
        ("59", "茶馆"),
        ("60", "A" * 16),
        ("61", "A" * 11),
        ("62", "raw"),
        ("64", "raw"),
        ("80", "raw"),
        ("99", "0102ab"),
    ],
)
def test_a_malformed_value_is_named(identifier: str, value: str) -> None:
    assert broken(merchant_code({identifier: value})) == [identifier]


@pytest.mark.parametrize("amount", ["98", "98.", "98.73", "0.01", "0000000000.1"])
def test_an_amount_of_emvco_syntax_passes(amount: str) -> None:
    assert broken(merchant_code({"54": amount})) == []


def test_yen_have_no_decimals() -> None:
    assert broken(merchant_code({"53": "392", "54": "10.000"})) == ["54"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"56": "1"}, ["56"]),
        ({"55": "02"}, ["56"]),
        ({"55": "02", "56": "0"}, ["56"]),
        ({"55": "02", "56": "x"}, ["56"]),
        ({"55": "02", "56": "1.50"}, []),
        ({"55": "01", "57": "5"}, ["57"]),
        ({"55": "03"}, ["57"]),
        ({"55": "03", "57": "5%"}, ["57"]),
        ({"55": "03", "57": "0"}, ["57"]),
        ({"55": "03", "57": "0.7"}, []),
        ({"55": "01"}, []),
    ],
)
def test_tip_values_stand_exactly_when_announced(changes: dict[str, str], where: list[str]) -> None:
    assert broken(merchant_code(dict(changes))) == where


@pytest.mark.parametrize(
    ("template", "where"),
    [
        ("0105A1234", []),
        ("0103***", []),
        ("0126" + "A" * 26, ["62.01"]),
        ("0802é!", ["62.08"]),
        ("0903AME", []),
        ("0902AA", ["62.09"]),
        ("0901X", ["62.09"]),
        ("1021" + "1" * 21, ["62.10"]),
        ("11021A", ["62.11"]),
        ("11031A2", []),
        ("50080004host", []),
        ("50080104host", ["62.50"]),
        ("5003raw", ["62.50"]),
    ],
)
def test_additional_data_keeps_its_forms(template: str, where: list[str]) -> None:
    assert broken(merchant_code({"62": template})) == where


@pytest.mark.parametrize(
    ("template", "where"),
    [
        ("0002zh0102茶馆", []),
        ("0102茶馆", ["64.00"]),
        ("0002zh", ["64.01"]),
        ("0003zho0102茶馆", ["64.00"]),
        ("0002zh0126" + "茶" * 26, ["64.01"]),
        ("0002zh0102茶馆0216" + "城" * 16, ["64.02"]),
    ],
)
def test_language_template_names_language_and_name(template: str, where: list[str]) -> None:
    assert broken(merchant_code({"64": template})) == where


def test_repeated_ids_are_named_at_each_level() -> None:
    payload = merchant_code({"62": "0101a0101b"}, extra=[("53", "156"), ("53", "156")])

    assert broken(payload) == ["53", "62.01"]


def test_the_checksum_comes_last_and_is_hex() -> None:
    good = merchant_code()

    assert broken(good[:-8]) == ["63"]
    assert broken(good[:-4] + "ZZZZ") == ["63"]
    assert broken(good[:-4] + "0000") == ["63"]
    assert broken(good + "9904abcd")[:1] == ["63"]


def test_an_empty_text_lacks_everything() -> None:
    assert broken("") == ["00", "63", "52", "53", "58", "59", "60", "02"]


def test_parse_refuses_endless_and_unencodable_text() -> None:
    for payload in ("0002" * 600, "0001\ud800"):
        with pytest.raises(TlvInvalid):
            parse(payload)


def test_write_refuses_what_it_could_not_read_back() -> None:
    with pytest.raises(MerchantCodeInvalid) as raised:
        mpm_rules.write([("00", "01"), ("26", [("00", "host")])])

    assert raised.value.field == "52"


def test_write_refuses_an_empty_template() -> None:
    with pytest.raises(TlvUnwritable):
        mpm_rules.write([("00", "01"), ("26", [])])


def test_seal_writes_upper_case() -> None:
    assert seal("000201")[-8:-4] == "6304"
    assert parse(seal("000201")).crc_right
