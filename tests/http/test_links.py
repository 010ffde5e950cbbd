"""Every link of every page leads somewhere, in each language, and no page shows a raw key."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
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

pytestmark = pytest.mark.slow

LANGUAGES = [code for code, _ in project.LANGUAGES]
ROOTS = (
    "/",
    "/console/",
    "/health/",
    "/guard/",
    "/venue/",
    "/api/docs/",
    "/lab/stickers/baozi.svg",
)
# Pages of one language by their nature: the API's own document.
PROGRAMS_OWN = {"/api/docs/"}
UNREAD = re.compile(
    r"<(pre|code|script|style|svg|textarea)\b.*?</\1>|<[^>]*class=\"[^\"]*mono[^\"]*\"[^>]*>[^<]*",
    re.S,
)
TAG = re.compile(r"<[^>]+>")
# Words of a program: joined by underscores, points or colons, or left in a template.
RAW_KEY = re.compile(r"(?<![\w/.:])[a-z]+(?:[._:][a-z_]+)+(?![\w/:])|\{\{|\{%")
# The protocol's own names, as its documents and every SDK write them.
PROTOCOL = {
    *("app_id", "notify_id", "notify_time", "notify_url", "open_id", "out_trade_no", "seller_id"),
    *("sign_type", "sub_code", "trace_id", "trade_no", "trade_status", "user_id"),
}
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


@dataclass(slots=True)
class Walk:
    """What was found by following every link: status by path, and what is wrong by path."""

    seen: dict[str, int]
    faults: list[str] = field(default_factory=list)


def follow(client: Client, language: str) -> Walk:
    """Open every address that can be reached from the roots, as a browser of that language."""
    waiting, walk = deque(ROOTS), Walk(dict.fromkeys(ROOTS, 0))
    headers = {"Accept": "text/html", "Accept-Language": language}
    while waiting:
        path = waiting.popleft()
        answer = client.get(path, headers=headers, follow=True)
        walk.seen[path] = answer.status_code
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        walk.faults += [f"{path}: {fault}" for fault in faults_of(page, path, language)]
        for link in HREF.findall(page):
            target = urlsplit(urljoin(path, unescape(link)))
            inside = not target.netloc and not target.scheme
            elsewhere = target.path.startswith(("/static/", "/admin/"))
            if inside and not elsewhere and target.path not in walk.seen:
                walk.seen[target.path] = 0
                waiting.append(target.path)
    return walk


def faults_of(page: str, path: str, language: str) -> Iterator[str]:
    """What a reader of that language would stumble over on a page."""
    if path in PROGRAMS_OWN:
        return
    if f'<html lang="{language}"' not in page:
        yield "another language"
    if any(f"lang={code}" not in page for code in LANGUAGES):
        yield "no switch"
    shown = UNREAD.sub(" ", page)
    keys = set(RAW_KEY.findall(unescape(TAG.sub(" ", shown)))) - PROTOCOL
    yield from (f"raw key {key}" for key in sorted(keys))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_every_page_leads_somewhere(
    world: None, client: Client, language: str
) -> None:
    walk = follow(client, language)

    assert {path: status for path, status in walk.seen.items() if status != 200} == {}
    assert walk.faults == []
    assert len(walk.seen) > 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere_for_a_signed_in_developer(
    world: None, client: Client, language: str
) -> None:
    client.post(
        "/console/sign-in", {"phone": demo_accounts.OWNER.phone, "password": demo_accounts.PASSWORD}
    )

    walk = follow(client, language)

    assert {path: status for path, status in walk.seen.items() if status != 200} == {}
    assert walk.faults == []
    assert any(path.startswith("/console/apps/") for path in walk.seen)


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
