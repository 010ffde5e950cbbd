"""The strings of tests/samples are read as they were on the day they were made."""

import json
from datetime import datetime
from typing import Any

import pytest

from healthcode.codec import sh1
from tests.samples import make

CASES = json.loads(make.FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_reads_each_sample_as_it_did(case: dict[str, Any]) -> None:
    expected = {name: case[name] for name in ("payload", "stage", "reason") if name in case}
    assert make.verdict(case["text"], datetime.fromisoformat(case["at"])) == expected


def test_writes_a_pass_byte_for_byte_as_it_did() -> None:
    texts = {case["name"]: case["text"] for case in CASES}
    assert (sh1.text(make.own()), make.nz()) == (texts["sh1"], texts["nzcp"])
