"""Control characters and foreign cursors at every address: 400 or 404, on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from config.http.pagination import CursorPage
from config.kernel.cursors import write_cursor
from tests.factories.accounts import make_user, token_of

pytestmark = pytest.mark.django_db
CONTROLS = ["\x00", "\x01", "\x0b", "\x1f", "\x7f"]


@pytest.fixture
def api() -> APIClient:
    client = APIClient(raise_request_exception=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(make_user())}")
    return client


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the product, with its view."""
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, entry.callback
        else:
            yield from patterns(entry, path)


def lists() -> list[str]:
    """Every list that is read by cursor and needs nothing in its path."""
    found = []
    for path, view in patterns(get_resolver()):
        paged = getattr(getattr(view, "cls", None), "pagination_class", None)
        if paged is CursorPage and path.startswith("api/") and "<" not in path:
            found.append("/" + path)
    return found


def textual() -> list[str]:
    """Every address with a text in it."""
    return ["/" + path for path, _ in patterns(get_resolver()) if "<str:" in path]


def filled(path: str, text: str) -> str:
    """An address with a text where it takes one; other parts of it stand for something."""
    parts = [text if part.startswith("<str:") else part for part in path.split("/")]
    return "/".join("1" if part.startswith("<") else part for part in parts)


def test_every_list_refuses_a_cursor_that_it_did_not_give(api: APIClient) -> None:
    assert len(lists()) >= 12
    for path in lists():
        for cursor in ("cD0yMDI2", "nonsense", write_cursor("/api/v1/elsewhere", "f", "0", "1")):
            answer = api.get(path, {"cursor": cursor})
            told = (path, answer.status_code, answer.json()["code"])
            # A list that the caller may not see, or has none of, is not read at all.
            assert told == (path, 400, "bad_cursor") or answer.status_code in (403, 404)


@pytest.mark.parametrize("control", CONTROLS, ids=repr)
def test_no_address_takes_a_control_character(api: APIClient, control: str) -> None:
    for path in textual():
        for client in (Client(), api):
            answer = client.get(filled(path, f"{control}abc"))
            assert (path, answer.status_code) in ((path, 404), (path, 400))


@pytest.mark.parametrize("text", ["%00", "a%1Fb", "%7f", "\x00"])
def test_no_query_takes_a_control_character(api: APIClient, text: str) -> None:
    for path in ("/", "/api/v1/payments", "/oauth2/publicAppAuthorize.htm", "/developers/"):
        answer = api.generic("GET", path, QUERY_STRING=f"cursor={text}")
        assert (path, answer.status_code) == (path, 400)


def test_no_header_and_no_cookie_takes_a_control_character(api: APIClient) -> None:
    for name in ("Accept-Language", "Idempotency-Key", "User-Agent"):
        assert api.get("/api/v1/me", headers={name: "a\x00b"}).status_code == 400
    for cookie in ("sessionid=\x00" + "a" * 32, 'sessionid="\\000' + "a" * 32 + '"'):
        assert Client().get("/developers/", HTTP_COOKIE=cookie).status_code == 400


def test_no_form_takes_a_control_character() -> None:
    answer = Client().post("/developers/login/", {"phone": "\x00", "password": "x\x01"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_request"
