"""/api/v1/tools/explain-signature: where a request's signature goes wrong."""

import html
import re
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from django.test import override_settings
from django.utils.translation import override
from rest_framework.test import APIClient

from config.kernel import clock
from merchants.console.templatetags.developers import finding as in_readers_words
from merchants.diagnosis.usecases.explain_signature import explain_signature
from merchants.onboarding.models import App
from merchants.onboarding.queries import gateway_signer
from merchants.onboarding.usecases.upload_key import upload_key
from merchants.onboarding.values import SignType
from merchants.protocol import signing
from tests.factories.accounts import post
from tests.factories.merchants import key_pair, make_app, make_merchant, private_key
from tests.factories.signatures import canonical, params

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> App:
    return make_app(make_merchant())


def explain(values: dict[str, str], text: bytes, **more: Any) -> Any:
    """Sign a string, send the request to the tool, give its answer."""
    kind = more.pop("kind", SignType.RSA2)
    key = private_key(more.pop("key", 0))
    signed = {**values, "sign": signing.sign(key, text, kind)}
    return post(APIClient(), "tools/explain-signature", {"body": urlencode(signed), **more}).json()


def test_finds_nothing_wrong_with_a_good_signature(app: App) -> None:
    values = params(app)
    answer = explain(values, canonical(values).encode(), canonical=canonical(values))
    assert answer["valid"] is True
    assert answer["canonical"] == canonical(values)
    assert answer["difference"] is None


def test_shows_where_two_strings_part(app: App) -> None:
    values = params(app)
    yours = canonical(values).replace("version=1.0", "version=2.0")
    answer = explain(values, yours.encode(), canonical=yours)
    at = answer["difference"]["position"]
    assert answer["valid"] is False
    assert (answer["canonical"][at], yours[at]) == ("1", "2")
    assert "version=1.0" in answer["difference"]["ours"]


def test_shows_that_a_string_ends_too_early(app: App) -> None:
    values = params(app)
    ours = canonical(values)
    answer = explain(values, ours[:-1].encode(), canonical=ours[:-1])
    assert answer["difference"]["position"] == len(ours) - 1


def mistake(name: str, values: dict[str, str]) -> bytes:
    """What people sign instead."""
    right = canonical(values)
    return {
        "sign_type_left_out": canonical(
            {key: value for key, value in values.items() if key != "sign_type"}
        ).encode(),
        "not_sorted": "&".join(f"{key}={value}" for key, value in values.items()).encode(),
        "encoded_values": canonical(
            {key: quote_plus(value) for key, value in values.items()}
        ).encode(),
        "only_biz_content": values["biz_content"].encode(),
        "wrong_charset": right.encode("gbk"),
        "plus_for_space": right.replace(" ", "+").encode(),
        "space_for_plus": right.replace("+", " ").encode(),
        "trailing_newline": right.encode() + b"\n",
        "trailing_ampersand": right.encode() + b"&",
        "html_escaped": html.escape(right).encode(),
        "sign_kept": right.replace("&sign_type", "&sign=&sign_type").encode(),
        "no_match": b"something else",
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "sign_type_left_out",
        "not_sorted",
        "encoded_values",
        "only_biz_content",
        "wrong_charset",
        "plus_for_space",
        "space_for_plus",
        "trailing_newline",
        "trailing_ampersand",
        "html_escaped",
        "sign_kept",
        "no_match",
    ],
)
def test_names_the_usual_mistakes(app: App, name: str) -> None:
    values = params(app)
    answer = explain(values, mistake(name, values))
    assert answer["valid"] is False
    assert [finding.partition(":")[0] for finding in answer["findings"]] == [name]


def test_names_the_wrong_hash(app: App) -> None:
    values = params(app)
    answer = explain(values, canonical(values).encode(), kind=SignType.RSA)
    assert answer["findings"][0].startswith("wrong_hash: signed as RSA and sent as RSA2")


def test_shows_the_string_that_was_signed_and_the_first_byte_that_differs(app: App) -> None:
    values = params(app)
    right = canonical(values)
    answer = explain(values, right.replace(" ", "+").encode())
    assert answer["signed"] == right.replace(" ", "+")
    assert answer["difference"]["byte"] == len(right.partition(" ")[0].encode())


def test_finds_a_key_of_another_app_of_the_owner(app: App) -> None:
    other = make_app(app.merchant)
    other.keys.update(public_key=key_pair(1).public_pem)
    values = params(app)
    answer = explain(values, canonical(values).encode(), key=1)
    assert answer["findings"][0].startswith("wrong_key: ")
    assert other.app_number in answer["findings"][0]


@pytest.mark.parametrize("state", ["ACTIVE", "RETIRING", "REVOKED", "own"])
def test_whose_key_it_was_is_said_whole_in_the_readers_language(app: App, state: str) -> None:
    other = app if state == "own" else make_app(app.merchant)
    values, key = params(app), other.keys.get()
    key.public_key = key_pair(1).public_pem
    key.state = "REVOKED" if state == "own" else state
    key.retires_at = clock.now() if state == "RETIRING" else None
    key.revoked_at = clock.now() if key.state == "REVOKED" else None
    key.save()
    if state == "own":
        key.fingerprint = "0" * 64
        key.save()
        upload_key(app_number=app.app_number, public_key=key_pair(0).public_pem)
    signed = signing.sign(private_key(1), canonical(values).encode(), SignType.RSA2)
    explained = explain_signature(query=urlencode(values | {"sign": signed}), body="")
    with override("zh-hans"):
        shown = "".join(in_readers_words(one) for one in explained.findings)
    assert shown.startswith("wrong_key：")
    assert re.findall(r"[a-z]+", shown) == ["wrong", "key"]
    assert (other.app_number in shown) is (state != "own")


@pytest.mark.parametrize(
    ("whose", "finding"),
    [("gateway", "gateway_key"), ("own", "wrong_side"), ("other", "wrong_side"), ("x", "key_")],
)
def test_tells_which_side_a_configured_key_is_of(app: App, whose: str, finding: str) -> None:
    configured = {
        "gateway": gateway_signer().public_base64,
        "own": key_pair(0).public_base64,
        "other": key_pair(1).public_base64,
        "x": "x",
    }[whose]
    values = params(app)
    answer = explain(values, canonical(values).encode(), configured_key=configured)
    assert answer["valid"] is True
    assert answer["findings"][1].startswith(finding)


def test_says_that_the_key_is_another(app: App) -> None:
    values = params(app)
    answer = explain(values, canonical(values).encode(), key=1)
    assert answer["findings"][0].startswith("no_match")


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"app_id": "2021999999999999"}, "unknown_app"),
        ({"app_id": ""}, "missing_parameter: app_id"),
        ({"sign_type": ""}, "missing_parameter: sign_type"),
        ({"sign_type": "MD5"}, "unknown_sign_type"),
    ],
)
def test_says_what_is_missing(app: App, changes: dict[str, str], finding: str) -> None:
    answer = explain({**params(app), **changes}, b"x")
    assert answer["findings"][0].startswith(finding)


def test_says_that_an_app_has_no_key(app: App) -> None:
    app.keys.all().delete()
    assert explain(params(app), b"x")["findings"][0].startswith("no_key")


def test_reads_the_query_and_takes_empty_requests(app: App) -> None:
    values = params(app)
    text = urlencode({**values, "sign": "x"})
    answer = post(APIClient(), "tools/explain-signature", {"query": f"?{text}"})
    empty = post(APIClient(), "tools/explain-signature", {})
    assert answer.json()["canonical"] == canonical(values)
    assert empty.json()["findings"][0] == "missing_parameter: app_id"


def test_refuses_more_parameters_than_the_gateway_reads() -> None:
    body = "&".join(f"a{number}=1" for number in range(5_000))
    answer = post(APIClient(), "tools/explain-signature", {"body": body})
    assert (answer.status_code, answer.json()["code"]) == (400, "too_many_parameters")


@override_settings(LAB_MODE=False)
def test_is_not_there_outside_the_lab() -> None:
    assert post(APIClient(), "tools/explain-signature", {}).status_code == 404
