"""European bank codes: SEPA transfer codes and Swiss bills, each rule broken alone."""

import pytest

from wallet.qr import iban
from wallet.qr.classify import classify
from wallet.qr.values import Kind, Level

TRANSFER = {
    1: "BCD",
    2: "002",
    3: "1",
    4: "SCT",
    5: "",
    6: "Franz Mustermänn",
    7: "DE71110220330123456789",
    8: "EUR12.3",
    9: "GDDS",
    10: "RF18539007547034",
}
BILL = {
    1: "SPC", 2: "0200", 3: "1", 4: "CH5800791123000889012",
    5: "S", 6: "Robert Schneider AG", 7: "Rue du Lac", 8: "1268", 9: "2501", 10: "Biel", 11: "CH",
    19: "3949.75", 20: "CHF",
    21: "S", 22: "Pia Rutschmann", 23: "Marktgasse", 24: "28", 25: "9400", 26: "Arbon", 27: "CH",
    28: "NON", 29: "", 30: "Bill no. 3139", 31: "EPD",
}  # fmt: skip
QR_IBAN, QR_REFERENCE = "CH4431999123000889012", "210000000003139471430009017"


def lines(values: dict[int, str], changes: dict[int, str], newline: str = "\n") -> str:
    """Write numbered lines, empty where none is given."""
    merged = values | changes
    return newline.join(merged.get(number, "") for number in range(1, max(merged) + 1))


def transfer_errors(changes: dict[int, str]) -> tuple[str, ...]:
    return classify(lines(TRANSFER, changes)).errors


def bill_errors(changes: dict[int, str]) -> tuple[str, ...]:
    return classify(lines(BILL, changes)).errors


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_transfer_code_is_read_with_either_line_end(newline: str) -> None:
    reading = classify(lines(TRANSFER, {12: ""}, newline))

    assert reading.kind is Kind.EPC
    assert reading.valid
    assert reading.fields["amount"] == "12.3"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({2: "003"}, "field_invalid(version)"),
        ({2: "001"}, "field_invalid(bic)"),
        ({5: "short"}, "field_invalid(bic)"),
        ({3: "9"}, "field_invalid(charset)"),
        ({4: "INST"}, "field_invalid(identification)"),
        ({6: ""}, "field_invalid(name)"),
        ({6: "A" * 71}, "field_invalid(name)"),
        ({7: "DE71110220330123456780"}, "field_invalid(iban)"),
        ({8: "EUR0.00"}, "amount_invalid"),
        ({8: "12.30"}, "amount_invalid"),
        ({8: "EUR12,30"}, "amount_invalid"),
        ({8: "EUR1000000000"}, "amount_invalid"),
        ({9: "GDDSX"}, "field_invalid(purpose)"),
        ({11: "both"}, "field_invalid(text)"),
        ({12: "A" * 71}, "field_invalid(information)"),
        ({13: "more"}, "too_many_lines"),
        ({6: "ä" * 70, 10: "", 11: "ä" * 140}, "too_long"),
    ],
)
def test_a_transfer_code_breaks_one_rule(changes: dict[int, str], error: str) -> None:
    assert transfer_errors(changes) == (error,)


def test_bytes_are_counted_in_the_declared_character_set() -> None:
    assert transfer_errors({3: "2", 6: "ä" * 70, 10: "", 11: "ä" * 140}) == ()


def test_a_transfer_code_may_leave_amount_and_tail_out() -> None:
    assert transfer_errors({8: "", 9: "", 10: ""}) == ()


def test_a_header_alone_lacks_the_rest() -> None:
    assert "field_invalid(iban)" in classify("BCD\n").errors


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {2: "0201"},
        {32: ""},
        {19: ""},
        {20: "EUR"},
        {21: "", 22: "", 23: "", 24: "", 25: "", 26: "", 27: ""},
        {5: "K", 7: "Rue du Lac 1268", 8: "2501 Biel", 9: "", 10: ""},
        {28: "QRR", 29: QR_REFERENCE, 4: QR_IBAN},
        {28: "SCOR", 29: "RF18539007547034"},
        {32: "//S1/01/20170309", 33: "UV;UltraPay005;12345"},
    ],
)
def test_a_bill_of_any_allowed_form_is_read(changes: dict[int, str]) -> None:
    reading = classify(lines(BILL, changes, "\r\n"))

    assert reading.errors == ()
    assert reading.details["creditor_name"] == "Robert Schneider AG"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({2: "0101"}, "field_invalid(version)"),
        ({3: "2"}, "field_invalid(charset)"),
        ({4: "DE71110220330123456789"}, "field_invalid(iban)"),
        ({4: "CH5800791123000889013"}, "field_invalid(iban)"),
        ({5: "X"}, "field_invalid(creditor.type)"),
        ({6: ""}, "field_invalid(creditor.name)"),
        ({6: "A" * 71}, "field_invalid(creditor.name)"),
        ({10: ""}, "field_invalid(creditor.town)"),
        ({5: "K"}, "field_invalid(creditor.town)"),
        ({27: "Schweiz"}, "field_invalid(debtor.country)"),
        ({12: "S"}, "field_invalid(ultimate_creditor)"),
        ({19: "1949.7a"}, "amount_invalid"),
        ({19: "0.00"}, "amount_invalid"),
        ({20: "USD"}, "currency_unsupported"),
        ({28: "ABC"}, "field_invalid(ref_type)"),
        ({29: "text"}, "field_invalid(reference)"),
        ({28: "QRR", 29: QR_REFERENCE}, "field_invalid(reference)"),
        ({28: "QRR", 29: QR_REFERENCE[:-1] + "8", 4: QR_IBAN}, "field_invalid(reference)"),
        ({28: "QRR", 29: "RF18", 4: QR_IBAN}, "field_invalid(reference)"),
        ({28: "SCOR", 29: "RF19539007547034"}, "field_invalid(reference)"),
        ({30: "A" * 141}, "field_invalid(message)"),
        ({31: "E_P"}, "field_invalid(trailer)"),
        ({32: "A" * 900}, "too_long"),
        ({35: "one line more"}, "line_count"),
    ],
)
def test_a_bill_breaks_one_rule(changes: dict[int, str], error: str) -> None:
    assert bill_errors(changes) == (error,)


def test_a_bill_cut_short_is_refused_by_its_lines() -> None:
    reading = classify("SPC\n0200\n1")

    assert reading.errors == ("line_count",)
    assert reading.level is Level.PROFILE


def test_a_bill_read_directly_must_say_spc() -> None:
    assert bill_errors({1: "SPD"}) == ("not_emv",)


@pytest.mark.parametrize("text", ["CH44", "ch4431999123000889012", "CH44 3199"])
def test_an_iban_is_upper_case_and_whole(text: str) -> None:
    assert not iban.is_iban(text)
    assert not iban.is_creditor_reference(text)


def test_an_iban_with_letters_for_an_institution_is_no_qr_iban() -> None:
    assert not iban.is_qr_iban("CH44ABCDE23000889012")
