"""A database connection that goes in the middle: again where that is safe, else try later."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from tests.factories.accounts import client_of, make_user
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


@contextmanager
def killed_at(part: str, *, times: int = 1) -> Iterator[list[str]]:
    """End our own connection just before a statement that has `part` in it."""
    ended: list[str] = []

    def wrapper(
        execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if part in sql and len(ended) < times:
            ended.append(sql)
            end(connection.connection.info.backend_pid)
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(wrapper):
            yield ended
    finally:
        # As a server does at a request's end; Django's test client leaves it out.
        connection.close_if_unusable_or_obsolete()


def end(backend: int) -> None:
    """What a restart of the server does to a connection."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    finally:
        other.close()


@pytest.fixture
def user() -> WalletUser:
    """Somebody with a wallet."""
    return make_user()


def test_a_question_is_answered_with_when_to_ask_again(user: WalletUser) -> None:
    client = client_of(user)
    client.raise_request_exception = False
    with killed_at("accounts_sessiontoken") as ended:
        answer = client.get("/api/v1/me")
    assert ended
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert answer.json()["code"] == "database_unavailable"
    assert client.get("/api/v1/me").status_code == 200


def test_a_change_that_was_not_committed_is_made_again(user: WalletUser) -> None:
    client = client_of(user)
    with killed_at('UPDATE "accounts_walletuser"') as ended:
        answer = client.patch("/api/v1/me", {"name": "Wang Wu"}, format="json")
    assert ended
    assert (answer.status_code, answer.json()["name"]) == (200, "Wang Wu")
    user.refresh_from_db()
    assert user.name == "Wang Wu"


def test_a_database_that_stays_away_is_said_to_be(user: WalletUser) -> None:
    client = client_of(user)
    client.raise_request_exception = False
    with killed_at('UPDATE "accounts_walletuser"', times=100) as ended:
        answer = client.patch("/api/v1/me", {"name": "Wang Wu"}, format="json")
    assert 1 < len(ended) < 10
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")


def test_a_page_says_so_too() -> None:
    client = Client(raise_request_exception=False)
    with killed_at("acceptance_order") as ended:
        answer = client.get("/cashier/0123456789ABCDEFGHJKMNPQRS", headers={"accept": "text/html"})
    assert ended
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")


@pytest.fixture
def shop() -> Shop:
    """A tea house that takes payments."""
    return make_shop()


def test_the_gateway_answers_signed_that_the_outcome_is_unknown(shop: Shop) -> None:
    params = shop.params("alipay.trade.query", {"out_trade_no": "T1"})
    with killed_at("payments_payment"):
        raw = shop.http.get("/gateway.do?" + urlencode(params))
    whole = json.loads(raw.content)
    node = whole["alipay_trade_query_response"]
    assert (raw.status_code, node["code"]) == (200, "20000")
    assert base64.b64decode(whole["sign"])
    again = shop.ask("alipay.trade.query", out_trade_no="T1")
    assert again.sub_code == "ACQ.TRADE_NOT_EXIST"
