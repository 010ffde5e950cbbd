"""One gate to a colour: whoever writes evidence, overrides or decisions stands in the table."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from healthcode.decisions.authority import (
    PASSAGES,
    WRITERS,
    Authority,
    AuthorityRefused,
    Passage,
    check_people,
    check_report,
)
from healthcode.evidence.values import FINDINGS, KINDS, Source

ROOT = Path(__file__).parents[2]
APPS = ("healthcode", "lab", "config")
# The store's own writers, the models behind them, and the gate's functions.
STORE = {"record_evidence", "retract_evidence"}
MODELS = {"Evidence", "Override", "Decision", "ColourAct", "RiskArea"}
CREATING = {"create", "get_or_create", "update_or_create", "bulk_create", "update", "bulk_update"}
# Where somebody lives says whose rules count.
REGION = "Subject.region"
GATE = {"report", "report_evidence", "retract_all", "put_override", "end_override"}
# Who may write below the gate: the gate, the store, and the one place of each table.
BELOW = {
    "healthcode.decisions.usecases.change_evidence": {
        "record_evidence", "retract_evidence", "Override", "ColourAct",
    },
    "healthcode.evidence.usecases.record_evidence": {"Evidence"},
    "healthcode.evidence.usecases.declare_risk_area": {"RiskArea"},
    "healthcode.decisions.usecases.decide": {"Decision"},
    "healthcode.decisions.usecases.relocate": {REGION},
    # Somebody new lives somewhere.
    "healthcode.subjects.usecases.register_subject": {REGION},
}  # fmt: skip


# Whatever an import calls it, the way to it over a module, or back from a subject.
WAYS = {"evidence": "Evidence", "overrides": "Override", "decisions": "Decision",
        "colour_acts": "ColourAct", "acts": "ColourAct"}  # fmt: skip
TABLES = {"health_evidence": "Evidence", "health_override": "Override",
          "health_decision": "Decision", "health_colour_act": "ColourAct",
          "health_risk_area": "RiskArea"}  # fmt: skip
SQL = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)


def writes(source: str) -> Iterator[str]:
    """Names of what a module writes past the gate or through it."""
    tree = ast.parse(source)
    real = {
        alias.asname: alias.name
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
        for alias in node.names if alias.asname and alias.name in STORE | MODELS | {"Subject"}
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (TABLES[name] for name in SQL.findall(node.value) if name in TABLES)
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        name = real.get(name, name)
        if name in STORE | GATE or name in {"Evidence", "Override", "Decision"}:
            yield name
        if name in CREATING and isinstance(node.func, ast.Attribute):
            path = re.findall(r"\w+", ast.unparse(node.func.value))
            owners = {real.get(word, word) for word in path} | {WAYS.get(path[-1], "")}
            yield from owners & MODELS
            if "Subject" in owners and "region" in {word.arg for word in node.keywords}:
                yield REGION
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(target, ast.Attribute) and target.attr == "region" for target in targets):
            yield REGION


def modules() -> dict[str, set[str]]:
    found = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            names = set(writes(path.read_text(encoding="utf-8")))
            if names:
                found[".".join(path.relative_to(ROOT).with_suffix("").parts)] = names
    return found


def strangers(found: dict[str, set[str]]) -> list[str]:
    """Modules that write past the gate, or through it without a row of their own."""
    past = [
        f"{module} writes {name} past the gate"
        for module, names in found.items()
        for name in sorted(names - GATE - BELOW.get(module, set()))
    ]
    through = [
        f"{module} has no row in the table"
        for module, names in found.items()
        if names & GATE and module not in WRITERS and module.startswith("healthcode")
        and module not in BELOW
    ]  # fmt: skip
    return past + through


def test_every_writer_stands_in_the_table_and_every_row_has_its_writer() -> None:
    found = modules()
    assert strangers(found) == []
    assert {module for module in WRITERS if not found.get(module, set()) & GATE} == set()
    assert {passage for row in WRITERS.values() for passage in row} == set(PASSAGES)


def test_every_kind_of_evidence_has_a_passage_from_one_of_its_senders() -> None:
    first = [row for passage, row in PASSAGES.items() if passage is not Passage.RETURN]
    stranded = [
        kind
        for kind, row in KINDS.items()
        if not any(kind in way.kinds and row.senders & way.sources for way in first)
    ]
    assert stranded == []


def test_a_finding_is_an_authority_s() -> None:
    assert [kind for kind in FINDINGS if Source.AUTHORITY not in KINDS[kind].senders] == []


@pytest.mark.parametrize(
    "line",
    [
        "record_evidence(subject_id=x)",
        "store.retract_evidence(evidence_id=x)",
        "Evidence.objects.create(subject=x)",
        "Override.objects.filter(id=x).update(colour='RED')",
        "Decision(subject=x).save()",
        "from healthcode.evidence.models import Evidence as Row\nRow.objects.create(subject=x)",
        "from healthcode.decisions.models import Override as Row\nRow(subject=x).save()",
        "models.Evidence.objects.bulk_create([x])",
        "subject.evidence.create(kind='naat')",
        "apps.get_model('health_evidence', 'Evidence').objects.create(subject=x)",
        "cursor.execute('INSERT INTO health_evidence (kind) VALUES (1)')",
        "cursor.execute('update health_decision set colour = 1')",
        "report(authority=a, statement=s)",
        "subject.region = '420100'",
        "Subject.objects.filter(id=x).update(region='420100')",
    ],
)
def test_a_writer_that_is_added_without_a_row_is_found(line: str) -> None:
    assert strangers({"healthcode.appeals.usecases.colour_somebody": set(writes(line))})


@pytest.mark.parametrize("passage", Passage)
def test_no_passage_lets_fewer_people_through_than_its_row_says(passage: Passage) -> None:
    row = PASSAGES[passage]
    others = tuple(f"checker {number}" for number in range(row.approvals))
    assert check_people(Authority(passage, "maker", others)) is row
    if row.approvals:
        for few in (others[:-1], ("maker", *others[1:])):
            with pytest.raises(AuthorityRefused):
                check_people(Authority(passage, "maker", few))


def test_a_passage_carries_its_own_kinds_and_sources_alone() -> None:
    for passage, row in PASSAGES.items():
        for kind in KINDS:
            for source in Source:
                if kind in row.kinds and source in row.sources:
                    check_report(row, kind, source)
                    continue
                with pytest.raises(AuthorityRefused):
                    check_report(row, kind, source)
        assert all(KINDS[kind].senders & row.sources for kind in row.kinds), passage
