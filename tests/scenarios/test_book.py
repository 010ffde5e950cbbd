"""Every scenario of the book passes, or says which of its steps nobody has built yet."""

import json
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from lab.scenarios import book, doors
from lab.scenarios.recorder import Recorder
from lab.scenarios.run import as_json, run_scenario
from lab.scenarios.values import Result, Scenario
from merchants.onboarding import rules
from tests.factories.world import prepared_pairs

LIGHT = "the-ai-said-96-percent"
WORLD = "people: [{key: li, name: Li, balance: '10.00'}]"
SAY = "say: {en: a, fr: b, zh: c}"


@pytest.fixture
def world(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path
    pairs = prepared_pairs()
    monkeypatch.setattr(rules, "new_key_pair", lambda: next(pairs))


def written(*steps: str) -> Scenario:
    rows = "\n".join(f"  - {{{step}, {SAY}}}" for step in steps)
    text = f"title: {{en: a, fr: b, zh: c}}\nworld:\n  {WORLD}\nsteps:\n{rows}\n"
    return book.read("made", text)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [name for name in book.names() if name != LIGHT])
def test_plays(world: None, name: str) -> None:
    run = run_scenario(book.scenario(name))
    failed = [step for step in as_json(run)["steps"] if step["differences"]]
    assert failed == []
    assert run.result in {Result.PASSED, Result.INCOMPLETE}


@pytest.mark.django_db(transaction=True)
def test_opens_the_doors_it_names_once_it_has_passed(world: None) -> None:
    run = run_scenario(book.scenario(LIGHT))
    assert run.result is Result.PASSED
    listed = doors.forty([run])
    assert [door["number"] for door in listed] == list(range(1, 41))
    assert [door["service"] for door in listed if door["state"] == "open"] == ["CT-scan AI"]
    assert all(door.get("reason") for door in listed if door["state"] == "closed")


@pytest.mark.django_db(transaction=True)
def test_records_the_balances_that_a_step_compares(world: None, tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    run_scenario(
        written(
            "do: look, balances: {custodian: '10.00', li: '12.00'}",
            "do: look, balances: {li: '10.00'}",
        ),
        Recorder(path),
    )
    _, compared, not_run, _ = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert compared["balances"] == [
        {"owner": "", "role": "asset.custodian_bank", "amount": "10.00"},
        {"owner": "Li", "role": "available", "amount": "10.00"},
    ]
    assert not_run["balances"] == []


@pytest.mark.django_db(transaction=True)
def test_shows_expected_beside_actual_and_runs_nothing_after_a_failure(world: None) -> None:
    run = run_scenario(
        written(
            "do: top_up, with: {person: li, amount: '1.00'}, balances: {li: '12.00'}",
            "do: look, balances: {li: '11.00'}",
        )
    )
    first, second = run.steps
    assert [(one.what, one.expected, one.actual) for one in first.differences] == [
        ("balance of li", "12.00", "11.00")
    ]
    assert (first.result, second.result, run.result) == (
        Result.FAILED, Result.NOT_RUN, Result.FAILED,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_refusal_and_an_entry_that_nobody_expected_fail_the_step(world: None) -> None:
    refused = run_scenario(written("do: transfer, with: {person: li, to: li, amount: '1.00'}"))
    assert refused.steps[0].differences[0].what == "refused"
    posted = run_scenario(written("do: top_up, with: {person: li, amount: '1.00'}, entries: []"))
    assert posted.steps[0].differences[0].actual == "Dr custodian 1.00 / Cr li 1.00"


@pytest.mark.django_db(transaction=True)
def test_a_step_that_is_not_built_does_not_pass_and_its_entries_are_left_out(world: None) -> None:
    run = run_scenario(
        written(
            "not_built: metro, entries: ['Dr li 4.00 / Cr metro.pending 4.00']",
            "do: look, balances: {li: '6.00'}",
        )
    )
    assert [step.result for step in run.steps] == [Result.NOT_BUILT, Result.PASSED]
    assert run.result is Result.INCOMPLETE


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("steps: [{do: look}]", "made.steps.0.say"),
        (f"steps: [{{{SAY}}}]", "made.steps.0"),
        (f"steps: [{{do: fly, {SAY}}}]", "made.steps.0.do"),
        (f"steps: [{{do: look, spend: 1, {SAY}}}]", "made.steps.0"),
        ("- a list", "made"),
        ("a: [", "made"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(text: str, place: str) -> None:
    with pytest.raises(book.ScenarioInvalid) as refused:
        book.read("made", text)
    assert refused.value.fields["place"] == place


def test_every_service_is_listed_once_and_every_scenario_is_read() -> None:
    assert [door["number"] for door in doors.forty([])] == list(range(1, 41))
    assert {door["state"] for door in doors.forty([])} == {"closed"}
    assert all(book.scenario(name).steps for name in book.names())
