"""Bytes that are no request: refused with 400 or 415, never a failure of ours."""

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db

POSTS = ["users", "sessions", "wallet/topups", "wallet/withdrawals", "kyc/applications", "devices"]
BODIES = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"{", id="half an object"),
    pytest.param(b"\xff\xfe{}", id="broken UTF-8"),
    pytest.param(b'{"phone": "\\u0000", "label": "\\u0000", "amount": "\\u0000"}', id="NUL"),
    pytest.param(b'{"phone": "\\ud800", "label": "\\ud800", "amount": "\\ud800"}', id="surrogate"),
    pytest.param(b'{"amount": ' + b"9" * 5000 + b"}", id="a number of 5000 digits"),
    pytest.param(b'{"amount": NaN}', id="NaN"),
    pytest.param(b'{"amount": "1.00", "amount": "2.00"}', id="a key twice"),
    pytest.param(b"[" * 5000, id="5000 brackets"),
    pytest.param(b"null", id="null"),
    pytest.param(b'"text"', id="a text"),
]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_request_is_400(client: APIClient, body: bytes) -> None:
    for path in POSTS:
        answer = client.post(f"/api/v1/{path}", body, content_type="application/json")
        assert (path, answer.status_code) == (path, 400)
        assert answer.json()["request_id"]


def test_another_media_type_is_415(client: APIClient) -> None:
    for path in POSTS:
        answer = client.post(f"/api/v1/{path}", b"<a/>", content_type="application/xml")
        assert (path, answer.status_code) == (path, 415)


@pytest.mark.parametrize("path", ["me", "wallet", "wallet/statement", "kyc", "pin"])
def test_another_method_is_405(client: APIClient, path: str) -> None:
    answer = client.post(f"/api/v1/{path}", {}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("cursor=nonsense", 400),
        ("cursor=%ff", 400),
        ("cursor=%00", 400),
        ("page_size=0", 400),
        ("page_size=101", 400),
        ("page_size=-1", 400),
        ("page_size=ten", 400),
        ("page_size=%D9%A3", 400),
        ("page_size=" + "9" * 5000, 400),
        ("page_size=100", 200),
    ],
)
def test_a_bad_page_is_named(client: APIClient, query: str, status: int) -> None:
    assert client.get(f"/api/v1/wallet/topups?{query}").status_code == status


@pytest.mark.parametrize("value", [12, 12.5, True, [], {}], ids=repr)
def test_a_text_is_never_made_of_something_else(client: APIClient, value: object) -> None:
    answer = client.post("/api/v1/devices", {"label": value}, format="json")
    assert (answer.status_code, answer.json()["field"]) == (400, "label")
