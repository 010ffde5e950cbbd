"""`manage.py reconcile FILE [--dry-run]`: a statement against our books, as JSON lines."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import InvalidRequest, SaomaError
from merchants.reconciliation import queries, rules
from merchants.reconciliation.usecases.read_statement import preview_statement, read_statement
from merchants.reconciliation.usecases.reconcile_day import reconcile_day
from merchants.reconciliation.values import BreakState, Difference

CLEAN, BREAKS, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    """One line a break, a summary as the last line; exit 0 clean, 1 breaks, 2 unreadable."""

    help = (
        "Read a statement of the bank (CSV or camt.053) and compare its day with our books. "
        "Without a file, compare the statement that was read for --date, or record that it "
        "is missing. One JSON object a break, the last line a summary."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--date", type=_date, help="the day that the statement must be of")
        parser.add_argument("--dry-run", action="store_true", help="write nothing down")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day, breaks, facts = _reconciled(options)
        except SaomaError as error:
            summary = {"error": error.code, "message": error.message, **error.fields}
            self.stdout.write(json.dumps({"summary": summary}, default=str))
            raise SystemExit(UNREADABLE) from error
        resolved = _resolved(day)
        unresolved = [entry for entry in breaks if _name(entry) not in resolved]
        for entry in unresolved:
            self.stdout.write(json.dumps(_line(entry), ensure_ascii=False))
        kinds = Counter(entry.kind.value for entry in unresolved)
        summary = {
            "date": day.isoformat(),
            **facts,
            "resolved": len(breaks) - len(unresolved),
            "breaks": len(unresolved),
            "kinds": dict(sorted(kinds.items())),
        }
        self.stdout.write(json.dumps({"summary": summary}))
        if unresolved:
            raise SystemExit(BREAKS)


class StatementNotFound(InvalidRequest):
    """There is no file of this name, or it cannot be opened."""

    code = "statement_not_found"
    message = "The statement's file cannot be opened."


def _date(text: str) -> date:
    """Read a date; argparse turns the ValueError of a wrong one into its own message."""
    return date.fromisoformat(text)


def _reconciled(options: dict[str, Any]) -> tuple[date, list[Difference], dict[str, object]]:
    """The day, its differences, and what to say of the file."""
    path, options_given = options["file"], options["date"]
    if path is None:
        if options_given is None or options["dry_run"]:
            raise CommandError("name a file, or the date of a statement that was read")
        return options_given, reconcile_day(day=options_given), {}
    content = _content(path)
    statement, file_format = preview_statement(content=content)
    if options_given not in {None, statement.day}:
        raise rules.StatementDateWrong(day=statement.day.isoformat())
    count = len(statement.lines)
    facts: dict[str, object] = {"format": file_format.value, "lines": count, "stored": False}
    if options["dry_run"]:
        breaks = queries.compared(statement)
    else:
        _, facts["stored"] = read_statement(content=content)
        breaks = reconcile_day(day=statement.day)
    with_line = {entry.position for entry in breaks if entry.position}
    return statement.day, breaks, {**facts, "matched": count - len(with_line)}


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > rules.MAX_BYTES:
            raise rules.StatementTooLarge(bytes=path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise StatementNotFound(file=path.name) from error


def _resolved(day: date) -> set[tuple[int, str, str, bool]]:
    rows = queries.breaks_on(day).filter(state=BreakState.RESOLVED)
    return set(rows.values_list("position", "reference", "bank_reference", "is_incoming"))


def _name(entry: Difference) -> tuple[int, str, str, bool]:
    return entry.position, entry.reference, entry.bank_reference, entry.is_incoming


def _line(entry: Difference) -> dict[str, object]:
    return {
        "kind": entry.kind.value,
        "reference": entry.reference or entry.bank_reference,
        "ours_minor": entry.ours_minor,
        "theirs_minor": entry.theirs_minor,
        "currency": entry.currency,
    }
