"""Whoever names somebody else is answered about them or refused, at every door there is."""

import uuid
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories.families import MOTHER, granted
from tests.factories.health import Phone, make_phone

pytestmark = pytest.mark.django_db(transaction=True)
HEALTH = "api/v1/health/"
METHODS = ("GET", "POST")


def doors() -> Iterator[tuple[str, str]]:
    """Every address and method of the health API at which somebody signed in asks."""
    for route, view in _routes(get_resolver().url_patterns, ""):
        cls = getattr(view, "cls", None)
        if not route.startswith(HEALTH) or cls is None or not cls.permission_classes:
            continue
        for method in METHODS:
            if hasattr(cls, method.lower()):
                yield method, f"/{route}"


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, object]]:
    for entry in patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, route)
        else:
            yield route, entry.callback


DOORS = sorted(set(doors()))


@pytest.fixture
def phone() -> Phone:
    """A mother who has declared."""
    phone = make_phone()
    phone.post("declarations", {"identity": MOTHER, "symptoms": []})
    return phone


def test_there_are_doors() -> None:
    assert len(DOORS) > 20
    assert ("POST", "/api/v1/health/erasures") in DOORS


@pytest.mark.parametrize(("method", "route"), DOORS)
def test_a_stranger_who_is_named_is_never_taken_for_oneself(
    phone: Phone, method: str, route: str
) -> None:
    named = route
    for part in ("<uuid:evidence_id>", "<uuid:check_in_id>", "<uuid:device_id>",
                 "<uuid:guardianship_id>"):  # fmt: skip
        named = named.replace(part, str(uuid.uuid4()))
    ask = phone.client.get if method == "GET" else phone.client.post
    answer = ask(f"{named}?subject_id={uuid.uuid4()}")
    assert (answer.status_code, answer.json()["code"]) in {
        (403, "guardianship_missing"), (401, "unauthenticated"), (401, "token_invalid"),
    }  # fmt: skip
    assert phone.colour() == "GREEN"


def test_what_may_be_done_for_a_dependent_is_done_for_them(phone: Phone) -> None:
    child = granted(phone)
    phone.post("declarations", {"symptoms": [], "subject_id": child})
    assert phone.get(f"me?subject_id={child}").json()["subject_id"] == child
    for path in ("corrections", "access-log", "venue-checkins"):
        assert phone.get(f"{path}?subject_id={child}").status_code == 200
    for path in ("codes/papers", "certificates/exports"):
        assert phone.get(f"{path}?subject_id={child}").json() == []
    bad = {"payload": "HC1:NONE", "subject_id": str(uuid.uuid4())}
    assert phone.post("certificates", bad).json()["code"] == "guardianship_missing"
    assert phone.post("certificates", {**bad, "subject_id": child}).status_code != 403
    assert phone.post("erasures", {"confirm": "ERASE", "subject_id": child}).status_code == 400
    assert phone.colour() == "GREEN"
