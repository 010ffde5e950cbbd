"""What schemes put into their templates."""

from datetime import UTC, datetime

import pytest

from tests.unit.wallet.qr.builders import merchant_code
from wallet.qr.emvco_mpm import parse
from wallet.qr.scheme_details import details, moment
from wallet.qr.schemes import scheme_of
from wallet.qr.tlv import write


def read(identifier: str, guid: str, *rest: tuple[str, str]) -> tuple[str, dict[str, str]]:
    """Give scheme and details of a code with one account template."""
    template = write([("00", guid), *rest])
    code = parse(merchant_code({"26": None, identifier: template}))
    scheme = scheme_of(code).name
    return scheme, details(scheme, code)


@pytest.mark.parametrize(
    ("sub", "value", "expected"),
    [
        ("01", "0066812223333", {"target": "phone", "phone": "0812223333"}),
        ("02", "0123456789012", {"target": "national_id", "national_id": "0123456789012"}),
        ("03", "123456789012345", {"target": "ewallet", "ewallet": "123456789012345"}),
        ("09", "x", {}),
    ],
)
def test_promptpay_names_its_target(sub: str, value: str, expected: dict[str, str]) -> None:
    assert read("29", "A000000677010111", (sub, value)) == ("promptpay", expected)


def test_paynow_tells_reference_from_expiry_by_content() -> None:
    _, found = read("26", "SG.PAYNOW", ("01", "2"), ("04", "INVOICE 7"), ("05", "20300101"))

    assert found == {"proxy_type": "uen", "reference": "INVOICE 7", "expires": "20300101"}


def test_pix_gives_no_txid_for_three_stars() -> None:
    code = parse(
        merchant_code(
            {
                "26": "0014BR.GOV.BCB.PIX0103abc",
                "62": "0503***",
                "80": "0014br.gov.bcb.pix2507a.b/rec",
            }
        )
    )

    assert details("pix", code) == {"key": "abc", "mandate_url": "a.b/rec"}


@pytest.mark.parametrize(
    ("guid", "rest", "scheme", "expected"),
    [
        (
            "jp.or.paymentsjapan",
            [("01", "0000000000001"), ("02", "0001"), ("03", "000001"), ("04", "000002")],
            "jpqr",
            {
                "merchant": "00000000000010001000001000002",
                "level1": "0000000000001",
                "level2": "0001",
                "level3": "000001",
                "level4": "000002",
            },
        ),
        (
            "HK.COM.HKICL",
            [("01", "004"), ("03", "+852-61234567"), ("05", "20300101120000")],
            "fps",
            {"clearing_code": "004", "mobile": "+852-61234567", "expires": "20300101120000"},
        ),
        ("hk.com.hkicl", [("02", "1234567")], "fps", {"fps_id": "1234567"}),
        ("hk.com.hkicl", [("04", "li@a.hk")], "fps", {"email": "li@a.hk"}),
        (
            "A0000006150001",
            [("01", "588734"), ("02", "MBBQR1666987")],
            "duitnow",
            {"acquirer": "588734", "merchant": "MBBQR1666987"},
        ),
        (
            "A005266284662577",
            [("01", "27710418"), ("02", "002"), ("03", "mch19B73")],
            "laoqr",
            {"iin": "27710418", "payment_type": "002", "receiver": "mch19B73"},
        ),
        (
            "fonepay.com",
            [("01", "2102090206640"), ("02", "497140")],
            "fonepay",
            {"merchant": "2102090206640", "terminal": "497140"},
        ),
        ("NCHL000210001000NOUOFMB", [], "nepalpay", {"merchant": "NCHL000210001000NOUOFMB"}),
        ("np.gov.nrb", [("01", "NCHL1")], "nepalpay", {"merchant": "NCHL1"}),
        (
            "com.mmqrpay.www",
            [("01", "223733820116158"), ("02", "30116938")],
            "mmqr",
            {"merchant": "223733820116158", "terminal": "30116938"},
        ),
        ("PK.RAAST.P2M", [("01", "x")], "raast", {"payee": "x"}),
        (
            "31036b0edd21412ebb229b0a2448f56a",
            [("01", "ALFHPKKA"), ("02", "PK03ALFH0011001009123016")],
            "raast",
            {"payee": "ALFHPKKA", "account": "PK03ALFH0011001009123016"},
        ),
        ("lk.gov.cbsl", [("01", "x")], "lankaqr", {}),
        ("com.unheard.of", [("01", "x")], "emvco", {}),
    ],
)
def test_a_scheme_is_known_by_its_guid_and_names_the_payee(
    guid: str, rest: list[tuple[str, str]], scheme: str, expected: dict[str, str]
) -> None:
    assert read("26", guid, *rest) == (scheme, expected)


@pytest.mark.parametrize(
    ("country", "currency", "scheme"),
    [
        ("LK", "144", "lankaqr"),
        ("BD", "050", "banglaqr"),
        ("MM", "104", "mmqr"),
        ("LK", "840", "emvco"),
        ("CN", "144", "emvco"),
    ],
)
def test_a_scheme_of_a_whole_country_is_known_by_country_and_currency(
    country: str, currency: str, scheme: str
) -> None:
    template = "0028" + "16728000581200000000849800 0"[:28].replace(" ", "0")
    code = parse(merchant_code({"26": template, "58": country, "53": currency}))

    assert scheme_of(code).name == scheme


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20250102", datetime(2025, 1, 2, tzinfo=UTC)),
        ("20250102030405", datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("1700000000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("20251340", None),
        ("2025010x", None),
        ("1", None),
    ],
)
def test_moment_reads_the_forms_in_use(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected
