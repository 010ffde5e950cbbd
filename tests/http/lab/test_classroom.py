"""The teacher's pages, and what a student's lesson writes down for them."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from lab import recordings
from lab.classroom import register

PAGES = ["/class/", "/class/roster/", "/class/marks.csv", "/class/codes/s01.svg"]


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def post(client: Client, path: str, **body: object) -> tuple[int, object]:
    answer = client.post(path, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer.content else None


def test_a_world_without_a_class_has_no_such_pages(db: None, client: Client, folder: Path) -> None:
    assert [client.get(path).status_code for path in PAGES] == [404] * 4


def test_the_board_and_the_marks_show_where_everybody_is(
    db: None, client: Client, settings: Settings, folder: Path
) -> None:
    names = ["=Li", "Zoé"]
    class_ = register.enrol(
        names, host="10.0.0.5", port=8100, scenario="parking-by-agreement", fault_seed=42
    )
    register.keep(class_, folder)
    settings.DATA_DIR = register.folder_of(class_.students[0], folder)
    settings.DATA_DIR.mkdir(parents=True)
    path = recordings.path_of("parking-by-agreement")
    path.parent.mkdir()
    path.write_text('{}\n{"entries": ["Dr li 6.00 / Cr lot.pending 6.00"]}\n')
    step = {"scenario": "parking-by-agreement", "step": 1}
    wrong, right = (
        {"debit": "li 5.00", "credit": ""},
        {"debit": "li 6.00", "credit": "lot.pending 6.00"},
    )
    assert post(client, "/lab/course", **step) == (204, None)
    assert post(client, "/lab/course", **step, **wrong) == (200, {"right": False})
    assert post(client, "/lab/course", **step, **right) == (200, {"right": True})
    assert post(client, "/lab/api/marks", held=7, of=9) == (204, None)
    assert post(client, "/lab/course", scenario="no-such", step=1)[0] == 404
    settings.DATA_DIR = folder
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 200, page
    text = client.get("/class/marks.csv").content.decode("utf-8-sig")
    first, second = csv.DictReader(io.StringIO(text))
    assert (first["name"], first["step"], first["right"], first["asked"], first["check"]) == (
        "'=Li", "1", "0", "1", "7/9",
    )  # fmt: skip
    assert (second["name"], second["asked"], second["last_seen"]) == ("Zoé", "0", "")
