"""Foreign merchant codes: what is tolerated, and by whom."""

from datetime import UTC, datetime

import pytest

from tests.unit.wallet.qr.builders import merchant_code
from wallet.qr.mpm_reader import read_merchant_code
from wallet.qr.values import Level

EARLY, LATE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
KHQR = {"26": None, "29": "0011li@bank.com", "53": "116", "58": "KH"}
PAYNOW_IN_2025 = "0009SG.PAYNOW0101002116591234567804082025010" + "1"


def test_a_breach_of_emvco_is_a_warning_where_the_scheme_is_unknown() -> None:
    reading = read_merchant_code(merchant_code({"59": "A" * 31, "60": None, "01": "10"}))

    assert reading.valid
    assert len(reading.warnings) == 3


def test_a_missing_currency_is_the_schemes_own() -> None:
    pix = {"26": "0014br.gov.bcb.pix0103abc", "53": None}

    assert read_merchant_code(merchant_code(pix)).valid
    assert read_merchant_code(merchant_code({"53": None})).errors == ("field_invalid(53)",)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"00": "001"}, "field_invalid(00)"),
        ({"26": None}, "network_unsupported"),
        ({"53": "12"}, "field_invalid(53)"),
        ({"54": "98,73"}, "amount_invalid"),
    ],
)
def test_what_no_scheme_does_without_is_an_error(changes: dict[str, str], error: str) -> None:
    reading = read_merchant_code(merchant_code(dict(changes)))

    assert reading.errors == (error,)
    assert reading.level is Level.FIELD


def test_a_code_that_does_not_start_as_emv_is_broken_at_the_root() -> None:
    reading = read_merchant_code(merchant_code({"00": None}))

    assert reading.errors[0] == "not_emv"
    assert reading.level is Level.TLV


def test_a_repeated_id_is_an_error_for_everyone() -> None:
    reading = read_merchant_code(merchant_code(extra=[("59", "OTHER")]))

    assert reading.errors == ("duplicate_id(59)",)


@pytest.mark.parametrize(
    ("guid", "scheme"),
    [
        ("SG.SGQR", "sgqr"),
        ("ID.CO.QRIS.WWW", "qris"),
        ("ph.ppmi.p2m", "qrph"),
        ("A000000524", "bharatqr"),
    ],
)
def test_a_scheme_that_took_over_emvcos_rules_insists_on_them(guid: str, scheme: str) -> None:
    template = f"00{len(guid):02d}{guid}"

    reading = read_merchant_code(merchant_code({"26": template, "59": "A" * 31}))

    assert reading.profile == scheme
    assert reading.errors == ("field_invalid(59)",)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"53": "156"}, "currency_unsupported"),
        ({"01": "12"}, "field_invalid(54)"),
        ({"29": "0004bank"}, "field_invalid(29)"),
    ],
)
def test_khqr_has_rules_of_its_own(changes: dict[str, str], error: str) -> None:
    assert read_merchant_code(merchant_code({**KHQR})).valid
    reading = read_merchant_code(merchant_code({**KHQR, **changes}))

    assert reading.profile == "khqr"
    assert reading.errors == (error,)
    assert reading.level is Level.PROFILE


def test_khqr_insists_on_its_account_even_where_it_cannot_be_read() -> None:
    reading = read_merchant_code(merchant_code({**KHQR, "29": "0018li_bank"}))

    assert reading.profile == "khqr"
    assert "field_invalid(29)" in reading.errors


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"62": "98130209210000227"}, ()),
        ({"52": "0000"}, ()),
        ({"52": "1111"}, ("field_invalid(52)",)),
        ({"59": "A" * 26}, ("field_invalid(59)",)),
    ],
)
def test_qris_wants_assigned_categories_and_keeps_its_own_data(
    changes: dict[str, str], errors: tuple[str, ...]
) -> None:
    qris = {"26": "0018ID.CO.ASTRAPAY.WWW", "53": "360", "58": "ID"}

    reading = read_merchant_code(merchant_code({**qris, **changes}))

    assert reading.profile == "qris"
    assert reading.errors == errors


def test_vietqr_must_name_bank_and_account() -> None:
    reading = read_merchant_code(merchant_code({"38": "0010A0000007270103raw", "53": "704"}))

    assert reading.errors == ("field_invalid(38.01)",)


def test_expiry_is_judged_only_at_a_given_moment() -> None:
    payload = merchant_code({**KHQR, "99": "00131726821915797011317268220357 97".replace(" ", "")})

    assert read_merchant_code(payload).valid
    assert read_merchant_code(payload, at=EARLY).valid
    assert read_merchant_code(payload, at=LATE).errors == ("expired",)


def test_a_paynow_day_is_good_to_its_end() -> None:
    payload = merchant_code({"26": PAYNOW_IN_2025, "53": "702"})
    evening = datetime(2025, 1, 1, 20, tzinfo=UTC)

    assert read_merchant_code(payload, at=evening).valid
    assert read_merchant_code(payload, at=LATE).errors == ("expired",)


def test_a_lower_case_checksum_is_read_with_a_warning() -> None:
    payload = next(
        code
        for number in range(99)
        if (code := merchant_code({"61": str(number)}))[-4:].lower() != code[-4:]
    )

    reading = read_merchant_code(payload[:-4] + payload[-4:].lower())

    assert reading.valid
    assert reading.warnings == ("crc lower case",)


def test_a_reserved_object_is_mentioned() -> None:
    assert read_merchant_code(merchant_code({"65": "x"})).warnings == ("65 is RFU",)


def test_malaysias_version_of_the_format_is_read_with_a_warning() -> None:
    live = (
        "00020201021126580014A000000615000101065887340212MBBQR166698703100000000000520458125303"
        "4585802MY5908TAKOYAKI6006PAHANG6304"
    )

    reading = read_merchant_code(live + "00D7")

    assert (reading.valid, reading.profile) == (True, "duitnow")
    assert reading.strict_errors == ("00 missing or not '01'",)
    assert reading.warnings == reading.strict_errors


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"55": "01"}, ()),
        ({"55": "02", "56": "1.50"}, ()),
        ({"55": "03", "57": "5"}, ()),
        ({"55": "04"}, ("field_invalid(55)",)),
        ({"55": "02"}, ("field_invalid(56)",)),
        ({"56": "1.50"}, ("field_invalid(56)",)),
        ({"55": "02", "56": "0.00"}, ("field_invalid(56)",)),
        ({"55": "02", "56": "1,50"}, ("field_invalid(56)",)),
        ({"55": "03"}, ("field_invalid(57)",)),
        ({"55": "03", "57": "0"}, ("field_invalid(57)",)),
        ({"55": "03", "57": "100"}, ("field_invalid(57)",)),
    ],
)
@pytest.mark.parametrize(
    "scheme",
    [{}, {"26": "0014br.gov.bcb.pix0103abc", "53": "986"}, {"26": "0012hk.com.hkicl", "53": "344"}],
)
def test_tips_and_fees_are_judged_for_every_scheme(
    scheme: dict[str, str], changes: dict[str, str], errors: tuple[str, ...]
) -> None:
    assert read_merchant_code(merchant_code({**scheme, **changes})).errors == errors


def test_a_hong_kong_code_states_when_it_expires() -> None:
    payload = merchant_code(
        {"26": "0012hk.com.hkicl0207123456705142025010112000" + "0", "53": "344"}
    )

    assert read_merchant_code(payload, at=EARLY).valid
    assert read_merchant_code(payload, at=LATE).errors == ("expired",)


def test_an_expiry_that_cannot_be_read_is_an_error() -> None:
    payload = merchant_code({"26": "0012hk.com.hkicl02071234567050820261399", "53": "344"})

    assert read_merchant_code(payload, at=EARLY).errors == ("field_invalid(expires)",)
