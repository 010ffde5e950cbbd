"""The health code's pages: strict, in three languages, and whole when the network is away."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from healthcode.appeals.retention import ROWS
from healthcode.pages import shell

PAGES = ("/health/", "/guard/", "/venue/")
IMPORT = re.compile(r'(?:from|import)\s*\(?\s*"(\.[^"]+)"')


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_shown_under_a_strict_policy(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 200
    assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
    assert b"style=" not in answer.content
    assert b"<script>" not in answer.content
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("asked", "language", "word"),
    [("en", "en", "Health code"), ("fr", "fr", "Code de santé"), ("zh-CN", "zh-hans", "健康码")],
)
def test_a_page_is_in_the_readers_language(
    client: Client, path: str, asked: str, language: str, word: str
) -> None:
    page = client.get(path, headers={"Accept-Language": asked}).content.decode()

    assert f'<html lang="{language}" ' in page
    assert word in page


def test_a_chosen_language_is_kept(client: Client) -> None:
    client.get("/health/?lang=fr", headers={"Accept-Language": "en"})

    page = client.get("/guard/", headers={"Accept-Language": "en"}).content.decode()

    assert '<html lang="fr" ' in page


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    answer = client.get("/health/?lang=xx", headers={"Accept-Language": "en"})

    assert '<html lang="en" ' in answer.content.decode()
    assert not answer.cookies


def worker(client: Client, page: str) -> dict[str, Any]:
    source = client.get(f"{page}worker.js").content.decode()
    found = re.match(r"self\.SHELL = (.*);\n", source)
    assert found is not None
    kept: dict[str, Any] = json.loads(found[1])
    return kept


@pytest.mark.parametrize("page", PAGES)
def test_the_worker_keeps_all_that_a_page_loads(client: Client, page: str) -> None:
    kept = worker(client, page)["files"]
    html = client.get(page).content.decode()

    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert named
    assert set(named) <= set(kept)


@pytest.mark.parametrize("page", ["citizen", "guard"])
def test_every_module_that_a_module_names_is_kept_too(page: str) -> None:
    kept = {path.as_posix() for path in shell.files(page)}
    modules = [shell.STATIC / path for path in kept if (shell.STATIC / path).exists()]
    # The reader of pictures comes to a citizen's phone when it is wanted.
    late = {"scanner.js"} if page == "citizen" else set()

    missing = {
        (module.name, named)
        for module in modules
        if module.suffix == ".js" and not (page == "citizen" and module.name.startswith("guard"))
        for named in IMPORT.findall(module.read_text("utf-8"))
        if named.rsplit("/", 1)[1] not in {path.rsplit("/", 1)[-1] for path in kept} | late
    }

    assert missing == set()


def test_a_worker_is_a_script_that_browsers_ask_for_anew(client: Client) -> None:
    answer = client.get("/health/worker.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_citizens_phone_is_spared_the_reader(client: Client) -> None:
    files = {page: worker(client, page)["files"] for page in PAGES}

    assert not [path for path in files["/health/"] if path.endswith(".wasm")]
    assert [path for path in files["/guard/"] if path.endswith(".wasm")]


@pytest.mark.parametrize("path", PAGES)
def test_pages_cannot_be_posted_to(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "deleted after two minutes"),
        ("fr", "supprimé après deux minutes"),
        ("zh-hans", "两分钟后删除"),
    ],
)
def test_the_notice_of_retention_is_a_page_in_each_language(lang: str, words: str) -> None:
    answer = Client().get(f"/health/privacy/?lang={lang}")
    shown = answer.content.decode()
    assert (answer.status_code, words in shown, f'lang="{lang}"' in shown) == (200, True, True)
    assert shown.count("<tr>") == len(ROWS) + 1
