"""The API's documentation: how to begin, what each operation does, and every problem's place."""

from typing import Any

import pytest
from django.test import Client

from config.http import problems
from config.http.docs import SchemaView, problem_entries
from config.kernel import slices


@pytest.fixture
def page(db: None, client: Client) -> str:
    return client.get("/api/docs/").content.decode()


@pytest.fixture
def document(db: None, client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api/schema/?format=json").json()
    return answer


def test_each_operation_has_a_summary_and_tags_that_are_described(document: dict[str, Any]) -> None:
    operations = [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]

    assert [one["operationId"] for one in operations if not one.get("summary")] == []
    declared = {name for _, declaration in slices.declared() for name in declaration.tags}
    assert {tag for one in operations for tag in one["tags"]} <= declared
    assert all(tag["description"] for tag in document["tags"])


def test_the_document_is_made_once_for_each_language_and_form(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    languages = ("en", "fr", "zh-hans")
    forms = ("yaml", "json")

    def documents() -> list[bytes]:
        return [
            client.get(f"/api/schema/?format={form}", headers={"Accept-Language": each}).content
            for each in languages
            for form in forms
        ]

    first = documents()
    assert len(set(first)) == len(languages) * len(forms)

    def nothing_is_made(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("it was made again")

    monkeypatch.setattr(SchemaView.generator_class, "get_schema", nothing_is_made)
    assert documents() == first
    # A language may be named in the address; one that there is none of changes nothing.
    assert client.get("/api/schema/?lang=fr&format=json").content == first[3]
    assert client.get("/api/schema/?lang=xx&format=json").content == first[1]


def test_the_introduction_says_how_to_log_in(document: dict[str, Any]) -> None:
    assert "POST /api/v1/sessions" in document["info"]["description"]
    assert "Authorize" in document["info"]["description"]


def test_the_type_of_every_problem_is_a_place_on_the_page(page: str) -> None:
    for entry in problem_entries():
        address = problems.problem(status=entry.status, code=entry.code, detail="")["type"]
        assert f'id="{address.partition("#")[2]}"' in page


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/api/v1/nothing", {}),
        ("GET", "/api/v1/me", {}),
        ("POST", "/api/v1/sessions", {}),
        ("PUT", "/api/v1/sessions", {}),
        ("POST", "/api/v1/sessions", {"Content-Type": "text/plain"}),
        ("POST", "/phone/", {}),
    ],
)
def test_a_problem_as_it_is_met_leads_to_its_place(
    page: str, client: Client, method: str, path: str, headers: dict[str, str]
) -> None:
    problem = client.generic(method, path, headers=headers).json()

    assert f'id="problem-{problem["code"]}"' in page, problem
