"""What every address shares: probes, request ids, problems, security headers."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings
from rest_framework import exceptions as drf
from rest_framework.exceptions import ErrorDetail

from config.http import probes, problems
from config.http.absolute_form import AbsoluteFormFix
from config.http.schema import declare_problems
from config.kernel import canary, clock
from config.kernel.errors import RateLimited, Refused
from config.kernel.outbox.models import OutboxEvent
from tests.factories.operators import make_operator

pytestmark = pytest.mark.django_db


def test_healthz_answers_without_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_readyz_names_each_part_to_operators_alone(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    client.force_login(make_operator("mia"))
    checks = client.get("/readyz").json()["checks"]
    needed = {"database", "disk", "migrations", "master_key"}
    assert set(checks) == needed | {"redis", "effects", "workers"}
    assert set(checks.values()) <= {"ok", "not used"}


def test_readyz_is_degraded_and_ready_when_redis_is_down(
    client: Client, settings: Settings
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


def test_readyz_is_degraded_when_nobody_works_effects_off(client: Client) -> None:
    writes_event()
    assert client.get("/readyz").json()["status"] == "ok"
    OutboxEvent.objects.all().delete()
    writes_event(created_at=clock.now() - timedelta(minutes=2))
    assert client.get("/readyz").json()["status"] == "degraded"


def writes_event(**facts: Any) -> None:
    OutboxEvent.objects.create(topic="payment.paid", aggregate_id="1", **facts)


def test_readyz_is_not_ready_with_another_master_key(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "_key_seen", False)
    settings.MASTER_KEY = "another key than the one the database was sealed with"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")


def test_a_process_with_another_master_key_does_not_start(settings: Settings) -> None:
    assert canary.check()
    settings.MASTER_KEY = "another key than the one the database was sealed with"
    for starts in (canary.check, canary.hatch):
        with pytest.raises(canary.MasterKeyWrong, match="SAOMA_MASTER_KEY"):
            starts()


def test_readyz_asks_little(client: Client, django_assert_max_num_queries: Any) -> None:
    client.get("/readyz")
    with django_assert_max_num_queries(1):
        client.get("/readyz")


def test_takes_a_sane_request_id_and_gives_it_back(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": "till-7.order-9"})
    assert answer.headers["X-Request-Id"] == "till-7.order-9"


@pytest.mark.parametrize("given", ["short", "with blank inside", "x" * 65, "né-n-ascii-id"])
def test_makes_a_request_id_where_the_given_one_is_odd(client: Client, given: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] != given
    assert len(answer.headers["X-Request-Id"]) == 24


def test_an_unknown_address_is_a_problem_document(client: Client) -> None:
    answer = client.get(f"/api/v1/nothing/{uuid.uuid4()}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == problems.MEDIA_TYPE
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("address", ["/api/v1/x?after=%00", "/api/v1/a%00b"])
def test_nul_in_an_address_is_refused(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


def test_pages_forbid_foreign_scripts_and_framing(client: Client) -> None:
    headers = client.get("/api/docs/").headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
    assert headers["X-Frame-Options"] == "DENY"


def test_the_panel_alone_may_evaluate_scripts(client: Client) -> None:
    policy = client.get("/admin/login/").headers["Content-Security-Policy"]
    assert "'unsafe-eval'" in policy


def of(error: Exception) -> dict[str, object]:
    response = problems.handle(error, {})
    assert response is not None
    document: dict[str, object] = response.data
    return document | {"headers": dict(response.headers)}


def test_an_anticipated_failure_carries_its_facts() -> None:
    document = of(Refused(field="amount", available_minor=5))
    assert document["status"] == 422
    assert (document["field"], document["facts"]) == ("amount", {"available_minor": "5"})


def test_a_throttled_caller_is_told_when_to_come_back() -> None:
    headers = of(RateLimited(retry_after_s=30))["headers"]
    assert headers["Retry-After"] == "30"  # type: ignore[index]


def test_a_nested_wrong_input_is_named_by_its_path() -> None:
    error = drf.ValidationError({"goods": {"1": {"price": [ErrorDetail("No.", "min_value")]}}})
    document = of(error)
    assert document["code"] == "invalid_request"
    assert document["errors"] == [{"code": "min_value", "detail": "No.", "field": "goods.1.price"}]


def test_an_unknown_field_has_a_code_of_its_own() -> None:
    error = drf.ValidationError({"x": [ErrorDetail("Not known.", "unknown_field")]})
    assert of(error)["code"] == "unknown_field"


def test_a_bug_is_left_to_the_server() -> None:
    assert problems.handle(KeyError("x"), {}) is None


def test_a_bug_is_told_in_one_sentence_without_details() -> None:
    answer = problems.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Traceback" not in answer.content


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("http://host/gateway.do", "/gateway.do"),
        ("https://host:443/gateway.do", "/gateway.do"),
        ("/http://host/gateway.do", "/gateway.do"),
        ("http://host", "/"),
        ("/gateway.do", "/gateway.do"),
    ],
)
def test_a_request_line_with_the_whole_address_finds_its_path(path: str, seen: str) -> None:
    fixed = AbsoluteFormFix(lambda environ, start: [environ["PATH_INFO"].encode()])
    assert list(fixed({"PATH_INFO": path}, lambda *args: None)) == [seen.encode()]


def test_operations_declare_the_shared_problems_and_keep_their_own() -> None:
    schema = {"paths": {"/x": {"post": {"responses": {"422": {"description": "mine"}}}}}}
    responses = declare_problems(schema)["paths"]["/x"]["post"]["responses"]
    assert responses["422"] == {"description": "mine"}
    assert "409" in responses
