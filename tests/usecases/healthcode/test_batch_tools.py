"""The batch tools: JSON lines in, JSON lines out, whatever comes in."""

import io
import json
import sys
from typing import Any

import pytest
from django.core.management import call_command

from tests.factories import hc1 as eu
from tests.factories import nzcp as nz
from tests.factories import shc as smart
from tests.factories.certificates import NOON
from tests.factories.shc import OWN

AT = NOON.isoformat()
pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command on lines; the parsed answers."""

    def run(command: str, *lines: Any) -> list[dict[str, Any]]:
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(texts) + "\n"))
        call_command(command)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_rules_are_evaluated_line_by_line(ask: Any) -> None:
    answers = ask(
        "evaluate_rules",
        {"logic": {"+": [1, {"var": "n"}]}, "data": {"n": 2}},
        {"logic": {"plusTime": ["2020-02-29", 1, "year"]}},
        {"logic": {"or": [1]}},
        "",
        "[1]",
        "{",
        {},
        '{"logic": ' + "9" * 5000 + "}",
        {"logic": {"+": [{"var": "n"}, 1]}, "data": {"n": 1e300}},
    )
    assert answers[0] == {"result": 3}
    assert answers[1] == {"result": "2021-03-01T00:00:00.000Z"}
    assert [("error" in answer) for answer in answers] == [
        False, False, True, True, True, True, True, False,
    ]  # fmt: skip


def test_a_result_that_cannot_be_written_is_an_error(ask: Any) -> None:
    logic: Any = {"reduce": [[1] * 9, {"var": "accumulator"}, 0]}
    huge = {"logic": {"+": [{"var": "a"}, {"var": "a"}]}, "data": {"a": int("9" * 4300)}}
    answers = ask("evaluate_rules", {"logic": logic}, huge)
    assert answers[0] == {"result": 0}
    assert answers[1]["error"].startswith("output")


def test_certificates_are_verified_in_all_formats(ask: Any) -> None:
    answers = ask(
        "verify_certificates",
        {"payload": eu.issued(), "certificate": eu.BASE64, "at": AT},
        {"payload": eu.issued(), "certificates": [eu.BASE64], "at": AT},
        {"payload": smart.issued(), "jwk": OWN, "at": AT},
        {"payload": smart.chunks(smart.issued()), "jwks": {"keys": [OWN]}, "at": AT},
        {"payload": smart.issued(), "jwks": [OWN], "at": "2022-06-01T12:00:00"},
        {"payload": "\n".join(smart.chunks(smart.issued())), "jwk": OWN, "at": AT},
        {"payload": nz.made(), "did_document": nz.OWN_DOCUMENT, "at": AT},
    )
    assert [(answer["ok"], answer["stage"], answer["error"]) for answer in answers] == [
        (True, None, None)
    ] * len(answers)


@pytest.mark.parametrize(
    ("request_", "stage"),
    [
        ({"payload": "HC2:"}, "prefix"),
        ({"payload": "HC1:a"}, "encoding"),
        ({"payload": "HC1:00"}, "compression"),
        ({"payload": eu.issued(), "at": AT}, "signature"),
        ({"payload": eu.issued(), "certificate": eu.BASE64, "at": "2030-01-01"}, "validity"),
        ({"payload": eu.issued(), "certificate": "?"}, "signature"),
        ({}, "prefix"),
        ({"payload": 7}, None),
        ({"payload": [7]}, None),
        ({"payload": "HC1:", "at": 7}, None),
        ({"payload": "HC1:", "at": "soon"}, None),
        ({"payload": "HC1:", "certificate": 7}, None),
        ({"payload": "HC1:", "jwk": "key"}, None),
        ({"payload": "NZCP:/1/", "did_document": "did"}, None),
    ],
)
def test_a_refusal_names_its_stage(ask: Any, request_: dict[str, Any], stage: str | None) -> None:
    [answer] = ask("verify_certificates", request_)
    assert (answer["ok"], answer["stage"], answer["payload"]) == (False, stage, None)
    assert answer["error"]


def test_an_own_code_is_checked_against_own_keys(ask: Any) -> None:
    [answer] = ask("verify_certificates", {"payload": "SH1:00"})
    assert (answer["ok"], answer["stage"]) == (False, "cose")


def test_a_colour_is_worked_out_from_evidence(ask: Any) -> None:
    declared = {"kind": "declaration", "observed_at": "2022-06-01T00:00:00Z"}
    sick = {"kind": "naat", "observed_at": "2022-06-02T00:00:00", "payload": {"result": "positive"}}
    late = {**sick, "recorded_at": "2022-06-09T00:00:00Z", "source": "laboratory", "id": "x"}
    answers = ask(
        "colour",
        {"evidence": [declared], "at": "2022-06-03T00:00:00Z"},
        {"evidence": [declared, sick], "at": "2022-06-03T00:00:00Z", "rule_set": "teaching"},
        {"evidence": [declared, late], "at": "2022-06-03T00:00:00Z"},
        {"evidence": []},
    )
    assert [answer["colour"] for answer in answers] == ["GREEN", "RED", "GREEN", "UNKNOWN"]
    assert answers[1]["reasons"][0]["rule"] == "t-red-positive"
    assert answers[0]["valid_until"] == "2022-06-15T00:00:00+00:00"


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"evidence": [{}]}, "evidence_malformed"),
        ({"evidence": 7}, "evidence_malformed"),
        ({"evidence": [{"kind": "rumour", "observed_at": AT}]}, "evidence_malformed"),
        ({"at": "soon"}, "evidence_malformed"),
        ({"rule_set": "2099"}, "rule_set_unknown"),
        ({"rule_set": {"rules": []}}, "rule_set_unsound"),
    ],
)
def test_what_cannot_be_judged_is_an_error(ask: Any, request_: dict[str, Any], error: str) -> None:
    [answer] = ask("colour", request_)
    assert answer["error"] == error
