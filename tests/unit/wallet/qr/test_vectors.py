"""Third parties' codes, read as their own tools read them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests import vectors
from wallet.qr.classify import classify
from wallet.qr.crc import checksum

LATE = datetime(2026, 1, 1, tzinfo=UTC)
# Junk that its source lists under merchant codes; nothing about it says so.
ANY_KIND = {"promptparse-inv-junk"}
ENTRIES: list[dict[str, Any]] = vectors.cases("qr.json", "")


def judged_at(entry: dict[str, Any]) -> datetime | None:
    """Expired codes are judged late; valid ones of the same age at no moment at all."""
    return LATE if "expired" in (entry.get("invalid_reason") or "") else None


def identified(entry: dict[str, Any]) -> str:
    return str(entry["id"])


@pytest.mark.parametrize("entry", ENTRIES, ids=identified)
def test_verdict_agrees_with_the_source(entry: dict[str, Any]) -> None:
    reading = classify(entry["payload"], at=judged_at(entry))

    assert reading.valid is entry["valid"], reading.errors
    assert reading.kind == entry["kind"] or entry["id"] in ANY_KIND
    if not entry["valid"]:
        assert reading.level == entry["invalid_level"]


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if "strict_emvco_ok" in entry], ids=identified
)
def test_strict_verdict_agrees_with_emvco(entry: dict[str, Any]) -> None:
    reading = classify(entry["payload"])

    assert (not reading.strict_errors) is entry["strict_emvco_ok"]
    assert sorted(reading.strict_errors) == sorted(entry.get("strict_errors") or [])


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if entry.get("expected") and entry["kind"] != "otp"],
    ids=identified,
)
def test_fields_are_what_the_source_expects(entry: dict[str, Any]) -> None:
    fields = classify(entry["payload"]).fields
    expected = entry["expected"]

    if isinstance(expected, list):
        assert fields == expected
    else:
        assert {name: fields.get(name, "") for name in expected} == expected


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if (entry.get("crc") or {}).get("tag_ok")],
    ids=identified,
)
def test_checksum_is_the_computed_one(entry: dict[str, Any]) -> None:
    assert checksum(entry["payload"][:-4]) == entry["crc"]["computed"]


@pytest.mark.parametrize(
    ("name", "asserted"),
    [
        ("vietqr-crc-leading-zero", {"bank_bin": "970407", "account": "19030413601018"}),
        ("promptpay-anyid", {"phone": "0812223333"}),
        ("promptpay-billpay-amount", {"biller": "099400016550100", "ref1": "123456789012"}),
        ("khqr-khmer-2", {"type": "merchant", "expires": "1726823082612"}),
        ("paynow-spec", {"proxy_type": "mobile", "proxy": "+6591234567"}),
        ("qris-1", {"nmid": "ID1020041698835", "criteria": "UKE"}),
        ("qrph-p2m", {"bic": "GXCHPHM2XXX"}),
        ("bharatqr-razorpay", {"vpa": "razorpaybqr@icici", "minimum_amount": "1.10"}),
        (
            "pix-dynamic-one-time-test-emv",
            {"url": "payload.psp.com/3ec9d2f9-5f03-4e0e-820d-63a81e769e87"},
        ),
        ("cpm-emvco-2", {"cardholder": "CARDHOLDER/EMV", "card_number": "123456…3458"}),
    ],
)
def test_scheme_details_name_the_account(name: str, asserted: dict[str, str]) -> None:
    entry = next(entry for entry in vectors.load("qr.json") if entry["id"] == name)

    details = classify(entry["payload"]).details

    assert {key: details.get(key) for key in asserted} == asserted
