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
    ("guid", "scheme"),
    [
        ("jp.or.paymentsjapan", "jpqr"),
        ("hk.com.hkicl", "fps"),
        ("A0000006150001", "duitnow"),
        ("com.unheard.of", "emvco"),
    ],
)
def test_schemes_we_only_display_have_no_details(guid: str, scheme: str) -> None:
    assert read("26", guid) == (scheme, {})


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
