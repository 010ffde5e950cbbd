"""What a scanned text is."""

from datetime import UTC, datetime

import pytest

from tests.unit.wallet.qr.builders import HOUSE, ORDER, SHOP, TOKEN, bend, merchant_code
from wallet.qr.classify import classify
from wallet.qr.merchant_code import dynamic_code, static_code
from wallet.qr.paycode import compose_offline, compose_random
from wallet.qr.values import Kind, Level


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ("", Kind.UNKNOWN),
        ("hello", Kind.UNKNOWN),
        ("li@bank", Kind.VPA),
        ("mailto:li@bank.test", Kind.URI),
        ("https://example.test", Kind.URL),
        ("123456", Kind.OTP),
        ("0002xx", Kind.MPM),
        ("63046007", Kind.MPM),
        ("BCD\nx", Kind.EPC),
        ("hQVDUFY", Kind.CPM),
    ],
)
def test_first_characters_decide_the_kind(payload: str, kind: Kind) -> None:
    assert classify(payload).kind is kind


@pytest.mark.parametrize(("payload", "error"), [("x" * 9000, "too_long"), ("\ud800", "not_text")])
def test_what_no_code_can_hold_is_refused_at_once(payload: str, error: str) -> None:
    reading = classify(payload)

    assert reading.errors == (error,)
    assert reading.level is Level.TLV


def test_our_own_static_code_is_ours() -> None:
    reading = classify(static_code(SHOP), house=HOUSE)

    assert reading.profile == "saoma"
    assert reading.details["merchant_id"] == SHOP.merchant_number
    assert classify(static_code(SHOP)).profile == "emvco"


def test_our_own_dynamic_code_gives_its_token_and_expires() -> None:
    payload = dynamic_code(SHOP, ORDER)
    late = datetime(2025, 1, 2, tzinfo=UTC)

    assert classify(payload, house=HOUSE).details["token"] == TOKEN
    assert classify(payload, house=HOUSE, at=late).errors == ("expired",)


def test_our_own_code_must_be_strict() -> None:
    payload = merchant_code({"26": "0010test.saoma0101x", "59": "A" * 26})

    assert classify(payload, house=HOUSE).errors == (f"59 must be ans 1..25: '{'A' * 26}'",)
    assert classify(merchant_code(), house=HOUSE).profile == "emvco"


def test_our_own_link_wins_over_everything() -> None:
    assert classify(f"HTTPS://PAY.TEST/Q/{TOKEN}", house=HOUSE).profile == "saoma"


def test_our_own_payment_code_is_known_by_its_check_digit() -> None:
    offline = compose_offline(prefix="28", alias="123456789", otp="3456789")
    online = compose_random(prefix="28", token="1234567890123456")

    assert classify(offline, house=HOUSE).fields == {"issuer": "saoma", "form": "offline"}
    assert classify(online, house=HOUSE).fields == {"issuer": "saoma", "form": "random"}
    assert classify(offline).fields["issuer"] == "alipay"
    slipped = offline[:-1] + str((int(offline[-1]) + 1) % 10)
    assert classify(slipped, house=HOUSE).fields["issuer"] == "alipay"


@pytest.mark.parametrize(
    "around", ["{}\n", "{}\r", "{}\r\n", "{}\t", "{} ", "\ufeff{}", "\ufeff{}\n"]
)
@pytest.mark.parametrize(
    "payload",
    [
        merchant_code(),
        static_code(SHOP),
        f"https://pay.test/q/{TOKEN}",
        "upi://pay?pa=li@bank",
        "134567890123456789",
        "https://qr.alipay.com/fkx1",
    ],
)
def test_what_devices_add_around_a_code_changes_nothing(payload: str, around: str) -> None:
    assert classify(around.format(payload), house=HOUSE) == classify(payload, house=HOUSE)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"27": "0010test.saoma0101y"}, ("duplicate_id(27)",)),
        ({"01": "12"}, ("field_invalid(01)",)),
        ({"55": "01"}, ("field_invalid(55)",)),
        ({"55": "02", "56": "1.00"}, ("field_invalid(55)", "field_invalid(56)")),
        ({"26": "0010test.saoma0101x0202T1", "62": "0702T2"}, ("field_invalid(62.07)",)),
        ({"80": "0010test.saoma0104soon"}, ("field_invalid(80.01)",)),
    ],
)
def test_our_own_code_must_not_contradict_itself(
    changes: dict[str, str], errors: tuple[str, ...]
) -> None:
    clean = {"26": "0010test.saoma0101x"}

    assert classify(merchant_code({**clean}), house=HOUSE).valid
    assert classify(merchant_code({**clean, **changes}), house=HOUSE).errors == errors


def test_our_own_code_is_known_in_whichever_template_it_stands() -> None:
    payload = merchant_code({"26": "0004host", "31": "0010TEST.SAOMA0101x"})

    reading = classify(payload, house=HOUSE)

    assert (reading.profile, reading.details["merchant_id"]) == ("saoma", "x")


def test_a_link_to_another_house_is_no_token_of_ours() -> None:
    payload = dynamic_code(SHOP, ORDER)
    elsewhere = bend(payload, "pay.test/q/", "evil.org/q/"[:11])

    assert classify(payload, house=HOUSE).valid
    assert classify(elsewhere, house=HOUSE).errors == ("field_invalid(26.25)",)
