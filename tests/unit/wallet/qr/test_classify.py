"""What a scanned text is."""

from datetime import UTC, datetime

import pytest

from tests.unit.wallet.qr.builders import ORDER, SHOP, TOKEN, merchant_code
from wallet.qr.classify import House, classify
from wallet.qr.merchant_code import dynamic_code, static_code
from wallet.qr.paycode import compose_offline, compose_random
from wallet.qr.values import Kind, Level

HOUSE = House(hosts=("pay.test",), guid="test.saoma", prefix="28")


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
    assert reading.details["merchant_id"] == SHOP.merchant_id
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
