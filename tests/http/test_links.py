"""Every link of every page leads somewhere, and no template hides a view's variable."""

import re
from collections import deque
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings as project
from django.template.loader import get_template
from django.test import Client
from pytest_django.fixtures import Settings

from lab import demo_accounts
from merchants.console.read_views import GUIDES
from tests.factories.world import bring_on_stage

BROWSER = {"Accept": "text/html"}
ROOTS = (
    "/",
    "/console/",
    "/health/",
    "/guard/",
    "/venue/",
    "/api/docs/",
    "/lab/stickers/baozi.svg",
)
HREF = re.compile(r'(?:href|src)="([^"]+)"')
NAMED_URL = re.compile(r"\{% url [^%]*? as (\w+) %\}")
TEMPLATES = [
    path
    for path in Path(project.BASE_DIR).glob("*/**/templates/**/*.html")
    if ".venv" not in path.parts
]


@pytest.fixture
def world(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bring_on_stage(settings, monkeypatch, tmp_path, "http://testserver", whole=False)


def follow(client: Client) -> dict[str, int]:
    """Open every address that can be reached from the roots; status by path."""
    waiting, seen = deque(ROOTS), dict.fromkeys(ROOTS, 0)
    while waiting:
        path = waiting.popleft()
        answer = client.get(path, headers=BROWSER, follow=True)
        seen[path] = answer.status_code
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in HREF.findall(answer.content.decode()):
            target = urlsplit(urljoin(path, link))
            inside = not target.netloc and not target.scheme
            elsewhere = target.path.startswith(("/static/", "/admin/"))
            if inside and not elsewhere and target.path not in seen:
                seen[target.path] = 0
                waiting.append(target.path)
    return seen


def test_every_link_of_every_page_leads_somewhere(world: None, client: Client) -> None:
    seen = follow(client)

    assert {path: status for path, status in seen.items() if status != 200} == {}
    assert len(seen) > 15


def test_every_link_leads_somewhere_for_a_signed_in_developer(world: None, client: Client) -> None:
    client.post(
        "/console/sign-in", {"phone": demo_accounts.OWNER.phone, "password": demo_accounts.PASSWORD}
    )

    seen = follow(client)

    assert {path: status for path, status in seen.items() if status != 200} == {}
    assert any(path.startswith("/console/apps/") for path in seen)


def test_the_guides_offer_every_language(db: None, client: Client) -> None:
    page = client.get("/console/guides/").content.decode()

    assert [name for name in GUIDES if f"/console/guides/{name}/" not in page] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_an_address_in_a_template_hides_no_variable(path: Path) -> None:
    names = NAMED_URL.findall(path.read_text(encoding="utf-8"))

    assert [name for name in names if not name.endswith("_url")] == []


def test_the_shared_parts_of_pages_exist() -> None:
    for name in ("saoma/languages.html", "saoma/error.html"):
        get_template(name)
