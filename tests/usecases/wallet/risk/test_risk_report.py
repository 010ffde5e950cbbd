"""The report: five scripts caught within the budget of false alerts, on a later period."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from wallet.risk.simulator.dataset import Periods, simulate
from wallet.risk.simulator.population import honest_day, make_world
from wallet.risk.simulator.scripts import SCRIPTS
from wallet.risk.simulator.training import average_precision

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def periods() -> Periods:
    return simulate(7)


@pytest.fixture(autouse=True)
def _played_once(periods: Periods, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallet.risk.management.commands.risk_report.simulate", lambda _: periods)


def report(*arguments: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("risk_report", "--seed", "7", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_script_is_caught_on_a_later_period_within_the_budget() -> None:
    pytest.importorskip("lightgbm")
    *scripts, summary = report()
    assert [line["script"] for line in scripts] == list(SCRIPTS)
    assert summary["scripts_missed"] == []
    assert summary["false_alert_share"] <= 0.005
    assert summary["pr_auc"] > summary["rules_alone_pr_auc"]
    assert summary["trained_until"] < summary["measured_from"]


def test_without_the_library_the_report_is_of_rules_alone_and_marked_degraded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wallet.risk.simulator.training.library", lambda: None)
    summary = report()[-1]
    assert summary["degraded"] == ["model"]
    assert summary["pr_auc"] == summary["rules_alone_pr_auc"]


def test_a_seed_gives_the_same_world_twice() -> None:
    first, second, other = (make_world(seed) for seed in (3, 3, 4))
    day = list(honest_day(first, 0))
    assert day == list(honest_day(second, 0))
    assert day != list(honest_day(other, 0))


def test_the_area_takes_ties_together() -> None:
    assert average_precision([0.9, 0.5, 0.5], [True, True, False]) == pytest.approx(5 / 6)
    assert average_precision([0.1, 0.1], [True, False]) == pytest.approx(0.5)
