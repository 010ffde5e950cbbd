"""Refusals: a page for a browser, a problem document for a program."""

import pytest
from django.test import Client

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
MISSING = "/no/such/place"


def test_a_browser_is_told_on_a_page(db: None, client: Client) -> None:
    answer = client.get(MISSING, headers=BROWSER)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, {"Accept": "*/*"}, {"Accept": "application/json"}])
def test_a_program_is_told_in_a_problem(db: None, client: Client, headers: dict[str, str]) -> None:
    answer = client.get(MISSING, headers=headers)

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/api/v1/nothing", "GET", 404), ("/api/v1/me", "GET", 401), ("/api/v1/me", "PUT", 401)],
)
def test_the_api_speaks_json_to_everybody(
    db: None, client: Client, path: str, method: str, status: int
) -> None:
    answer = client.generic(method, path, headers=BROWSER)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_wrong_method_is_a_page_or_a_problem(db: None, client: Client) -> None:
    page = client.post("/health/", headers=BROWSER)
    problem = client.post("/health/")

    assert (page.status_code, problem.status_code) == (405, 405)
    assert "cannot be used like that" in page.content.decode()
    assert problem.json()["code"] == "method_not_allowed"
    assert "GET" in page.headers["Allow"]
    assert "GET" in problem.headers["Allow"]


def test_a_form_without_its_token_is_told_what_to_do(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)

    page = strict.post("/console/sign-in", headers=BROWSER)

    assert page.status_code == 403
    assert "This form is too old" in page.content.decode()
    assert strict.post("/console/sign-in").json()["code"] == "not_permitted"


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "Il n’y a rien ici"), ("zh-hans", "此处没有内容")]
)
def test_a_refusal_speaks_the_readers_language(
    db: None, client: Client, language: str, word: str
) -> None:
    page = client.get(f"{MISSING}?lang={language}", headers=BROWSER)

    assert word in page.content.decode()
    assert client.get(MISSING, headers=BROWSER).content.decode().count(word) >= 1
