"""A day's books are closed once nothing waits, and written out for whoever keeps the accounts."""

import io
import shutil
import subprocess
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config.kernel import clock
from merchants.reconciliation import queries, rules
from merchants.reconciliation.models import Break, StatementFile
from merchants.reconciliation.usecases.close_day import close_day
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.usecases.reconcile_day import reconcile_day
from tests.factories.accounts import make_topup, make_user
from tests.factories.clock import advance
from tests.factories.reconciliation import break_of_recalled_money, file_of
from tests.factories.settlement import noon

pytestmark = pytest.mark.django_db
BY = "operator:carl"


def compared(*days: date) -> None:
    """Read and compare the statements of some days."""
    for day in days:
        read_statement(content=file_of(day))
        reconcile_day(day=day)


@pytest.fixture
def day() -> date:
    """A day with a top-up, whose statement and the next one were compared."""
    today = noon()
    make_topup(make_user(), 100_07)
    advance(days=2)
    compared(today, today + timedelta(days=1))
    return today


def exported(day: date, ledger_format: str) -> str:
    out = io.StringIO()
    call_command("export_ledger", "--date", day.isoformat(), "--format", ledger_format, stdout=out)
    return out.getvalue()


def test_a_closed_day_takes_no_other_statement_and_is_closed_once(day: date) -> None:
    close_day(day=day, actor=BY)
    with pytest.raises(rules.DayClosed):
        close_day(day=day, actor=BY)
    StatementFile.objects.filter(day=day).update(digest="another")
    with pytest.raises(rules.DayClosed):
        read_statement(content=file_of(day))


def test_a_day_is_not_closed_over_an_open_break() -> None:
    row = break_of_recalled_money()
    advance(days=1)
    compared(row.day + timedelta(days=1))
    with pytest.raises(rules.BreaksOpen):
        close_day(day=row.day, actor=BY)


def test_a_day_is_not_closed_before_an_earlier_one(day: date) -> None:
    advance(days=1)
    compared(day + timedelta(days=2))
    with pytest.raises(rules.BreaksOpen):
        close_day(day=day + timedelta(days=1), actor=BY)


def test_a_day_that_was_not_compared_is_not_closed() -> None:
    with pytest.raises(rules.DayNotReconciled):
        close_day(day=noon(), actor=BY)


def test_only_a_closed_day_is_written_out(day: date) -> None:
    with pytest.raises(CommandError, match="not closed"):
        exported(day, "csv")


def test_each_journal_of_a_closed_day_balances_in_the_file(day: date) -> None:
    close_day(day=day, actor=BY)
    header, *rows = [line.split(",") for line in exported(day, "csv").splitlines()]
    assert header[1:3] == ["journal_id", "kind"]
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row[1]] += round(float(row[5] or 0) * 100) - round(float(row[6] or 0) * 100)
    assert rows
    assert set(sums.values()) == {0}


def test_hledger_checks_the_file_of_a_closed_day(day: date, tmp_path: Path) -> None:
    close_day(day=day, actor=BY)
    path = tmp_path / "day.journal"
    path.write_text(exported(day, "hledger"))
    assert "asset:custodian_bank  100.07 CNY" in path.read_text()
    tool = shutil.which("hledger")
    if tool is None:
        pytest.skip("hledger is not here")
    subprocess.run([tool, "-f", str(path), "check"], check=True, timeout=60)


class TestFetching:
    def test_the_simulated_banks_statement_is_fetched_and_compared(
        self, settings: Settings
    ) -> None:
        today = noon()
        make_topup(make_user(), 100_07)
        settings.SAOMA_STATEMENTS_FROM = "simulated"
        advance(days=2)
        assert queries.statement_file(today) is not None
        assert not queries.open_breaks().exists()
        due = queries.next_fetch()
        assert due is not None
        assert due > clock.now()

    def test_a_file_that_is_not_in_the_folder_is_a_break(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        today = noon()
        settings.SAOMA_STATEMENTS_FROM = str(tmp_path)
        (tmp_path / f"{today - timedelta(days=1)}.csv").write_bytes(
            file_of(today - timedelta(days=1))
        )
        advance(days=1)
        assert queries.statement_file(today - timedelta(days=1)) is not None
        assert list(Break.objects.values_list("kind", "day")) == [("missing_file", today)]
