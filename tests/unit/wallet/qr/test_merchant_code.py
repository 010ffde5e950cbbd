"""The codes our own merchants show."""

from dataclasses import replace

import pytest

from tests.unit.wallet.qr.builders import ORDER, SHOP, TOKEN, bend
from wallet.qr.emvco_mpm import parse
from wallet.qr.links import ALPHABET
from wallet.qr.merchant_code import (
    MerchantCodeInvalid,
    dynamic_code,
    new_token,
    order_link,
    read_own,
    static_code,
)
from wallet.qr.mpm_rules import strict_problems
from wallet.qr.tlv import TlvUnwritable


def test_a_static_code_is_strictly_emvco() -> None:
    code = parse(static_code(replace(SHOP, till_id="T1", store_label="Lakeside")))

    assert strict_problems(code) == []
    assert code.text("01") == "11"
    assert code.template("62") == {"03": "Lakeside", "07": "T1"}
    assert code.template("64") == {"00": "zh", "01": "茶馆"}


def test_a_dynamic_code_carries_amount_link_and_expiry() -> None:
    payload = dynamic_code(replace(SHOP, till_id="T1"), ORDER)

    own = read_own(payload, guid="TEST.SAOMA")
    assert own is not None
    assert (own.token, own.amount, own.reference, own.till_id) == (TOKEN, "12.00", "A-1", "T1")
    assert own.expires_at == ORDER.expires_at
    assert len(payload) <= 300


def test_a_name_in_ascii_needs_no_language_template() -> None:
    assert "64" not in parse(static_code(replace(SHOP, name="TEA"))).fields


def test_a_till_that_does_not_fit_stays_in_62() -> None:
    order = replace(ORDER, link="pay.long-host-name.test/q/" + TOKEN)
    code = parse(dynamic_code(replace(SHOP, till_id="TILL-0001"), order))

    assert "02" not in code.template("26")
    assert code.template("62")["07"] == "TILL-0001"


def test_a_name_without_latin_letters_is_replaced() -> None:
    code = parse(static_code(replace(SHOP, latin_name="茶", city="杭州")))

    assert (code.text("59"), code.text("60")) == ("MERCHANT", "CITY")


@pytest.mark.parametrize(
    ("shop", "field"),
    [
        (replace(SHOP, mcc="54"), "52"),
        (replace(SHOP, country="China"), "58"),
        (replace(SHOP, guid="x" * 33), "26"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(shop: object, field: str) -> None:
    with pytest.raises(MerchantCodeInvalid) as raised:
        static_code(shop)  # type: ignore[arg-type]

    assert raised.value.field == field


def test_a_link_that_does_not_fit_is_refused() -> None:
    with pytest.raises(TlvUnwritable):
        dynamic_code(SHOP, replace(ORDER, link="x" * 90))


@pytest.mark.parametrize("payload", ["", "0002", "00020163040000"])
def test_read_own_gives_none_for_what_is_not_ours(payload: str) -> None:
    assert read_own(payload, guid="test.saoma") is None


def test_an_expiry_that_is_no_moment_is_a_problem() -> None:
    payload = dynamic_code(SHOP, ORDER)
    expiry = str(int(ORDER.expires_at.timestamp()))

    assert read_own(payload[:-4] + "0000", guid="test.saoma") is None
    own = read_own(bend(payload, expiry, "soon......"), guid="test.saoma")
    assert own is not None
    assert (own.expires_at, own.problems) == (None, ("field_invalid(80.01)",))


def test_a_token_has_26_letters_nobody_mixes_up() -> None:
    token = new_token()

    assert len(token) == 26
    assert set(token) <= set(ALPHABET)
    assert new_token(lambda limit: limit - 1) == "Z" * 26


def test_a_link_has_no_scheme() -> None:
    assert order_link(host="pay.test", token=TOKEN) == f"pay.test/q/{TOKEN}"


def test_a_static_code_has_no_expiry() -> None:
    own = read_own(static_code(SHOP), guid="test.saoma")

    assert own is not None
    assert own.expires_at is None
    assert own.token == ""
