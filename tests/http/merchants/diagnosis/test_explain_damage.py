"""The signature tool on what the way to the gateway, a shell or a page does to a request."""

import base64
import html
import re
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from rest_framework.test import APIClient

from merchants.onboarding.models import App
from merchants.onboarding.values import KeyState, SignType
from merchants.protocol import signing
from tests.factories.accounts import post
from tests.factories.merchants import key_pair, make_app, make_merchant, private_key
from tests.factories.signatures import canonical, params

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> App:
    return make_app(make_merchant())


def request_of(app: App, **more: str) -> dict[str, str]:
    """A request with an address and what libraries add, without its signature."""
    added = {
        "notify_url": "http://shop.example/n?a=1",
        "alipay_sdk": "sdk-java-4",
        "format": "json",
    }
    return params(app) | added | more


def signed(text: str | bytes, kind: SignType = SignType.RSA2, key: int = 0) -> str:
    """The signature of a string, whose Base64 has both plus signs and slashes."""
    message = text if isinstance(text, bytes) else text.encode()
    return signing.sign(private_key(key), message, kind)


def explain(body: str, **more: str) -> Any:
    """What the tool says of a body."""
    return post(APIClient(), "tools/explain-signature", {"body": body, **more}).json()


def names(answer: Any) -> list[str]:
    """The findings' names."""
    return [finding.partition(":")[0] for finding in answer["findings"]]


def with_plus(values: dict[str, str]) -> dict[str, str]:
    """The request signed, with at least one plus sign in the signature."""
    for number in range(100):
        tried = values | {"version": f"1.{number}"}
        sign = signed(canonical(tried))
        if "+" in sign:
            return tried | {"sign": sign}
    raise AssertionError


def test_a_signature_whose_plus_signs_arrived_as_blanks_is_recognised(app: App) -> None:
    values = with_plus(request_of(app))
    sign = values.pop("sign")
    answer = explain(f"{urlencode(values)}&sign={sign}")
    assert (answer["valid"], names(answer)) == (False, ["plus_for_space"])
    assert "signature" in answer["findings"][0]
    assert answer["difference"] is None


@pytest.mark.parametrize("gap", [" ", "+"])
def test_content_and_signature_sent_raw_are_both_recognised(app: App, gap: str) -> None:
    values = with_plus(request_of(app, biz_content='{"subject":"a b+c"}'))
    text = "&".join(f"{name}={value}" for name, value in values.items())
    answer = explain(text.replace("02 03:04", f"02{gap}03:04"))
    assert names(answer) == ["plus_for_space", "plus_for_space"]
    assert answer["signed"] == canonical({k: v for k, v in values.items() if k != "sign"})


def test_the_same_string_means_another_key(app: App) -> None:
    values = request_of(app)
    text = canonical(values)
    answer = explain(urlencode(values | {"sign": signed(text, key=1)}), canonical=text)
    assert names(answer) == ["same_string"]
    assert "does not belong" in answer["findings"][0]
    assert answer["difference"] is None


def test_the_same_string_with_another_hash_is_the_hashs_fault(app: App) -> None:
    values = request_of(app)
    text = canonical(values)
    sent = urlencode(values | {"sign": signed(text, SignType.RSA)})
    assert names(explain(sent, canonical=text)) == ["wrong_hash"]


def test_an_odd_string_is_found_where_it_is_pasted(app: App) -> None:
    values = request_of(app)
    odd = canonical(values).replace("1.0", "9.9")
    sent = urlencode(values | {"sign": signed(odd)})
    assert names(explain(sent, canonical=odd)) == ["other_string"]
    assert names(explain(sent, canonical=odd + "\n")) == ["other_string"]


def test_a_string_that_was_changed_after_it_was_shown_is_said(app: App) -> None:
    values = request_of(app)
    answer = explain(urlencode(values | {"sign": signed("odd")}), canonical=canonical(values))
    assert "right private key (RSA2)" in answer["findings"][0]
    assert "the one you pasted" in answer["findings"][0]


def test_without_the_string_the_key_is_told_from_the_string(app: App) -> None:
    values = request_of(app)
    ours = explain(urlencode(values | {"sign": signed("odd")}))["findings"]
    theirs = explain(urlencode(values | {"sign": signed("odd", key=1)}))["findings"]
    assert "made with the right private key" in ours[0]
    assert "not made with the private key" in theirs[0]


def strings(values: dict[str, str]) -> dict[str, str]:
    """Strings that people sign, by what is found."""
    right, pairs = canonical(values), values.items()
    return {
        "html_escaped": right.replace("&", "&amp;"),
        "html_escaped ": html.escape(right, quote=False),
        "encoded_values": canonical({k: quote(v, safe="") for k, v in values.items()}),
        "encoded_values ": canonical({k: quote(v, safe="!'()*~") for k, v in values.items()}),
        "encoded_values  ": quote_plus(right),
        "encoded_values   ": canonical(
            {k: re.sub("%..", lambda code: code[0].lower(), quote(v, safe="")) for k, v in pairs}
        ),
        "parameter_left_out": canonical({k: v for k, v in values.items() if k != "alipay_sdk"}),
        "html_entity": right.replace("&notify_url", "¬ify_url"),
        "html_entity ": html.unescape(right),
        "empty_string": "",
    }


@pytest.mark.parametrize("name", list(strings({"notify_url": "x"})))
def test_a_string_of_the_usual_sort_is_recognised(app: App, name: str) -> None:
    values = request_of(app, biz_content='{"out_trade_no":"包子 (1)"}')
    text = strings(values)[name]
    answer = explain(urlencode(values | {"sign": signed(text)}))
    assert names(answer) == [name.strip()]
    assert answer["signed"] == text


@pytest.mark.parametrize(
    "left",
    [
        ("version",),
        ("biz_content",),
        ("app_id", "method"),
        ("alipay_sdk", "format", "notify_url", "sign_type"),
    ],
)
def test_parameters_left_out_are_named(app: App, left: tuple[str, ...]) -> None:
    values = request_of(app)
    text = canonical({name: value for name, value in values.items() if name not in left})
    finding = explain(urlencode(values | {"sign": signed(text)}))["findings"][0]
    assert finding.startswith(f"parameter_left_out: you signed without {', '.join(left)};")


def written(sign: str) -> dict[str, str]:
    """One signature in other clothes."""
    raw = base64.b64decode(sign)
    return {
        "base64url": base64.urlsafe_b64encode(raw).decode(),
        "hex_signature": raw.hex(),
        "hex_signature ": raw.hex().upper(),
        "no_padding": sign.rstrip("="),
        "cut_short": sign[:255],
        "cut_short ": sign[:128],
        "too_long": base64.b64encode(raw + b"x").decode(),
        "too_long ": base64.b64encode(sign.encode()).decode(),
        "not_base64": "签名",
        "encoded_twice": quote(sign, safe=""),
    }


@pytest.mark.parametrize("name", list(written("")))
def test_a_signature_written_otherwise_is_recognised(app: App, name: str) -> None:
    values = request_of(app)
    sign = written(signed(canonical(values)))[name]
    answer = explain(urlencode(values | {"sign": sign}))
    assert (answer["valid"], names(answer)) == (False, [name.strip()])


def test_a_signature_of_a_longer_key_is_recognised(app: App) -> None:
    values = request_of(app)
    sign = base64.b64encode(b"\x01" * 512).decode()
    assert names(explain(urlencode(values | {"sign": sign}))) == ["key_size"]


@pytest.mark.parametrize("coded", [quote, quote_plus])
def test_values_encoded_twice_are_recognised(app: App, coded: Any) -> None:
    values = request_of(app)
    values["sign"] = signed(canonical(values))
    answer = explain(urlencode({name: coded(value, safe="") for name, value in values.items()}))
    assert names(answer) == ["encoded_twice", "encoded_twice"][: len(answer["findings"])]
    assert answer["signed"] == canonical({k: v for k, v in values.items() if k != "sign"})


def test_a_whole_query_encoded_twice_is_recognised(app: App) -> None:
    values = request_of(app)
    values["sign"] = signed(canonical(values))
    assert names(explain(quote(urlencode(values), safe=""))) == ["encoded_twice"]


@pytest.mark.parametrize(
    ("sent", "arrived", "name"),
    [
        ("&notify_url", "¬ify_url", "html_entity"),
        ("&notify_url", "%C2%ACify_url", "html_entity"),
        ("&timestamp", "×tamp", "html_entity"),
        ("&", "&amp;", "html_escaped"),
    ],
)
def test_a_request_that_a_page_has_damaged_is_recognised(
    app: App, sent: str, arrived: str, name: str
) -> None:
    values = request_of(app)
    values["sign"] = signed(canonical(values))
    answer = explain(urlencode(values).replace(sent, arrived))
    assert (answer["valid"], names(answer)) == (False, [name])


def test_a_request_without_a_charset_is_judged_as_the_gateway_does(app: App) -> None:
    values = {name: value for name, value in request_of(app).items() if name != "charset"}
    assert explain(urlencode(values | {"sign": signed(canonical(values))}))["valid"] is True


@pytest.mark.parametrize(
    ("state", "said"), [(KeyState.ACTIVE, "an active key"), (KeyState.REVOKED, "a revoked key")]
)
def test_a_key_of_another_app_is_named_in_good_english(
    app: App, state: KeyState, said: str
) -> None:
    other = make_app(app.merchant)
    other.keys.update(public_key=key_pair(1).public_pem, state=state)
    values = request_of(app)
    answer = explain(urlencode(values | {"sign": signed("odd", key=1)}))
    assert f"made with {said} of app {other.app_number}" in answer["findings"][0]


def test_a_key_that_may_not_sign_so_is_recognised(app: App) -> None:
    app.keys.update(sign_types=["RSA2"])
    values = request_of(app, sign_type="RSA")
    answer = explain(urlencode(values | {"sign": signed(canonical(values), SignType.RSA)}))
    assert names(answer) == ["sign_type_not_allowed"]


@pytest.mark.parametrize("sign", ["%zz", "%" + "25" * 3_000, "%25%zz+%", "\ud7ff%"])
def test_percent_signs_without_end_are_no_error(app: App, sign: str) -> None:
    values = request_of(app) | {"sign": sign}
    assert explain(urlencode(values))["valid"] is False


def test_many_names_that_a_page_would_damage_are_gone_through_in_time(app: App) -> None:
    many = {f"not{number}": "x" for number in range(60)}
    values = request_of(app) | many
    sign = signed(html.unescape(canonical(values)))
    answer = explain(urlencode(values | {"sign": sign}))
    assert "html_entity" in names(answer)
