"""Reconciliation: the bank's day against our books, from the file to the break's end."""

import io
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from merchants.funds.usecases.send_transfer import send_transfer
from merchants.funds.usecases.top_up_balance import top_up_balance
from merchants.funds.values import Order, Payee, PayeeNamedBy, TransferKind
from merchants.payouts.usecases.settle_date import settle_date
from merchants.reconciliation import files, queries, rules
from merchants.reconciliation.bank import statement_of
from merchants.reconciliation.models import BankLine, Break, StatementFile
from merchants.reconciliation.planting import plant
from merchants.reconciliation.usecases.close_break import close_break
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.usecases.reconcile_day import reconcile_day
from merchants.reconciliation.values import FileFormat, Statement, StatementLine, Template
from tests.factories.accounts import PIN, make_topup, make_user
from tests.factories.clock import advance
from tests.factories.reconciliation import break_of_recalled_money, day_of_topups, file_of
from tests.factories.settlement import held, make_merchant, noon, sell
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.ledger.values import DateAxis
from wallet.public import account_id, balance_at

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = timedelta(days=1)


def run(*arguments: object) -> tuple[int, list[dict[str, object]], dict[str, object]]:
    """The command's exit code, its lines and its summary."""
    out, code = io.StringIO(), 0
    try:
        call_command("reconcile", *[str(argument) for argument in arguments], stdout=out)
    except SystemExit as ended:
        code = int(str(ended.code))
    *lines, last = [json.loads(line) for line in out.getvalue().splitlines()]
    return code, lines, last["summary"]


def saved(path: Path, content: bytes) -> Path:
    """A file with this content."""
    path.write_bytes(content)
    return path


def written(statement: Statement, file_format: FileFormat = FileFormat.CSV) -> bytes:
    """A statement as a file."""
    return "".join(files.write(statement, file_format)).encode()


def topped_up(*amounts_minor: int) -> date:
    """Top-ups of a day that is over; gives the day."""
    day = noon()
    for amount_minor in amounts_minor:
        make_topup(make_user(), amount_minor)
    advance(days=1)
    return day


def rewritten(statement: Statement, lines: tuple[StatementLine, ...]) -> bytes:
    """A statement with other lines, its balances right."""
    total_minor = sum(line.amount_minor for line in lines)
    closing_minor = statement.opening_minor + total_minor
    fields = {name: getattr(statement, name) for name in ("day", "currency", "made_at")}
    return written(
        Statement(
            **fields,
            opening_minor=statement.opening_minor,
            closing_minor=closing_minor,
            lines=lines,
        )
    )


@pytest.mark.parametrize("file_format", FileFormat)
def test_a_true_statement_has_no_break(tmp_path: Path, file_format: FileFormat) -> None:
    day = topped_up(100_00, 20_00, 10_91)
    code, lines, summary = run(saved(tmp_path / "day", file_of(day, file_format)))
    assert (code, lines, summary["matched"], summary["stored"]) == (0, [], 2, True)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    day = topped_up(100_00, 10_96)
    path = saved(tmp_path / "day.csv", file_of(day))
    first, again = run(path), run(path)
    assert first[:2] == again[:2]
    assert again[2]["stored"] is False
    assert (StatementFile.objects.count(), BankLine.objects.count()) == (1, 3)
    assert Break.objects.count() == 1


def test_a_recall_that_moved_nothing_with_us_is_a_break_of_status(tmp_path: Path) -> None:
    day = topped_up(10_96)
    code, lines, _ = run(saved(tmp_path / "day.csv", file_of(day)))
    [line] = lines
    assert code == 1
    assert (line["kind"], line["ours_minor"], line["theirs_minor"]) == ("status", None, -10_96)


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    day = topped_up(10_96)
    path = saved(tmp_path / "day.csv", file_of(day))
    dry = run(path, "--dry-run")
    assert (StatementFile.objects.count(), Break.objects.count()) == (0, 0)
    assert dry[:2] == run(path)[:2]


def test_withdrawals_payouts_and_transfers_to_cards_match(tmp_path: Path) -> None:
    day = noon()
    user = make_user(kyc_tier=2)
    make_topup(user, 100_00)
    advance(minutes=1)
    request_withdrawal(user_id=user.id, key="w1", amount_minor=30_00, pin=PIN)
    merchant = make_merchant(fee_bps=0)
    sell(merchant, 20_00, payer=user)
    settle_date(business_date=day)
    make_topup(WalletUser.objects.get(id=merchant.owner_id), 50_00)
    advance(minutes=1)
    top_up_balance(merchant_id=merchant.id, key="b1", amount_minor=50_00, pin=PIN)
    for reference, card in (("t1", "6222020200012300"), ("t2", "6222020200012396")):
        payee = Payee(PayeeNamedBy.CARD, card, "Wang Wei", "ICBC")
        order = Order(reference, TransferKind.BANK_CARD, payee, 10_00)
        send_transfer(merchant_id=merchant.id, order=order)
    advance(days=1)
    amounts_minor = sorted(line.amount_minor for line in statement_of(day).lines)
    assert amounts_minor == [-30_00, -20_00, -10_00, -10_00, 10_00, 50_00, 100_00]
    code, lines, summary = run(saved(tmp_path / "day.csv", file_of(day)))
    assert (code, lines, summary["matched"]) == (0, [], 7)


@pytest.mark.parametrize(
    "seed",
    [
        1,
        pytest.param(7, marks=pytest.mark.slow),
        pytest.param(20261128, marks=pytest.mark.slow),
    ],
)
def test_every_planted_difference_is_found_and_nothing_else(tmp_path: Path, seed: int) -> None:
    day = day_of_topups(2000)
    path, truth = tmp_path / "day.csv", tmp_path / "truth"
    out = io.StringIO()
    call_command("bank_statement", date=day, plant=seed, truth=truth, stdout=out)
    path.write_text(out.getvalue())
    code, lines, summary = run(path)
    planted = [json.loads(line) for line in truth.read_text().splitlines()]
    found = Counter((str(line["kind"]), str(line["reference"])) for line in lines)
    assert found == Counter((one["kind"], one["reference"]) for one in planted)
    assert (code, summary["breaks"]) == (1, 60)
    kinds = summary["kinds"]
    assert isinstance(kinds, dict)
    assert set(kinds) == {
        "missing_here", "missing_there", "amount", "fee", "currency", "status", "duplicate",
        "reference", "cross_day",
    }  # fmt: skip


def test_planted_differences_are_the_same_in_camt() -> None:
    day = day_of_topups(400)
    late_from = queries.house_bounds(day)[1] - queries.LAST_HOUR
    planted, _ = plant(statement_of(day), seed=3, late_from=late_from)
    assert files.read(written(planted, FileFormat.CAMT))[0].lines == planted.lines


def test_a_line_that_comes_a_day_late_clears_its_break(tmp_path: Path) -> None:
    day = day_of_topups(48, 1)
    today, tomorrow = statement_of(day), statement_of(day + DAY)
    last = today.lines[-1]
    moved = last._replace(booked_at=last.booked_at + timedelta(hours=2))
    path = saved(tmp_path / "one.csv", rewritten(today, today.lines[:-1]))
    code, [line], _ = run(path)
    assert (code, line["kind"], line["theirs_minor"]) == (1, "cross_day", None)
    next_day = saved(tmp_path / "two.csv", rewritten(tomorrow, (moved, *tomorrow.lines)))
    code, [line], _ = run(next_day)
    assert (code, line["kind"], line["ours_minor"]) == (1, "cross_day", last.amount_minor)
    assert set(Break.objects.values_list("state", flat=True)) == {"CLEARED"}


def test_a_line_that_does_not_come_the_next_day_either_is_missing(tmp_path: Path) -> None:
    day = day_of_topups(48, 0)
    today = statement_of(day)
    run(saved(tmp_path / "one.csv", rewritten(today, today.lines[:-1])))
    run(saved(tmp_path / "two.csv", file_of(day + DAY)))
    row = Break.objects.get()
    assert (row.kind, row.state, row.day) == ("missing_there", "OPEN", day)


def test_a_line_of_the_day_before_again_is_a_duplicate(tmp_path: Path) -> None:
    day = day_of_topups(3, 0)
    run(saved(tmp_path / "one.csv", file_of(day)))
    line = statement_of(day).lines[0]
    again = line._replace(booked_at=line.booked_at + DAY, bank_reference="again")
    path = saved(tmp_path / "two.csv", rewritten(statement_of(day + DAY), (again,)))
    code, [found], _ = run(path)
    assert (code, found["kind"], found["reference"]) == (1, "duplicate", line.reference)
    assert not queries.open_breaks().filter(day=day).exists()


def test_a_file_made_before_the_day_was_over_is_stale_and_gives_way(tmp_path: Path) -> None:
    day = noon()
    make_topup(make_user(), 100_00)
    advance(minutes=1)
    code, [line], _ = run(saved(tmp_path / "early.csv", file_of(day)))
    assert (code, line["kind"]) == (1, "stale_file")
    advance(days=1)
    code, lines, _ = run(saved(tmp_path / "whole.csv", file_of(day)))
    assert (code, lines) == (0, [])
    assert Break.objects.get().state == "CLEARED"


def test_a_day_without_a_file_is_a_break_until_the_file_comes(tmp_path: Path) -> None:
    day = topped_up(100_00)
    code, [line], _ = run("--date", day)
    assert (code, line["kind"], line["ours_minor"]) == (1, "missing_file", 100_00)
    code, lines, _ = run(saved(tmp_path / "day.csv", file_of(day)))
    assert (code, lines, Break.objects.get().state) == (0, [], "CLEARED")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        pytest.param(lambda text: text.encode("utf-16"), "statement_encoding", id="encoding"),
        pytest.param(lambda text: text[:-9].encode(), "statement_truncated", id="truncated"),
        pytest.param(
            lambda text: text.replace(",10000,", ",10001,").encode(),
            "statement_totals_wrong",
            id="lying",
        ),
        pytest.param(lambda _: b"a,b\n", "statement_format_unknown", id="format"),
        pytest.param(lambda _: b"", "statement_truncated", id="empty"),
    ],
)
def test_an_unreadable_file_is_told_by_its_code_and_changes_nothing(
    tmp_path: Path, damage: object, code: str
) -> None:
    day = topped_up(100_00, 20_00)
    assert callable(damage)
    path = saved(tmp_path / "day.csv", damage(file_of(day).decode()))
    exit_code, lines, summary = run(path)
    assert (exit_code, lines, summary["error"]) == (2, [], code)
    assert (StatementFile.objects.count(), Break.objects.count()) == (0, 0)


def test_another_file_of_a_day_that_was_read_is_refused(tmp_path: Path) -> None:
    day = topped_up(100_00, 20_00)
    run(saved(tmp_path / "day.csv", file_of(day)))
    advance(minutes=1)
    code, _, summary = run(saved(tmp_path / "other.csv", file_of(day)))
    assert (code, summary["error"]) == (2, "statement_day_taken")
    assert StatementFile.objects.count() == 1


def test_a_file_of_another_day_than_asked_for_or_no_file_is_refused(tmp_path: Path) -> None:
    day = topped_up(100_00)
    path = saved(tmp_path / "day.csv", file_of(day))
    assert run(path, "--date", day - DAY)[2]["error"] == "statement_date_wrong"
    assert run(tmp_path / "none.csv")[2]["error"] == "statement_not_found"
    assert run("--date", day + DAY)[2]["error"] == "day_not_over"
    assert StatementFile.objects.count() == 0


def suspense_minor() -> int:
    """What stands in suspense, in fen."""
    return held(account_id("suspense:unmatched"))


def test_suspense_lets_our_books_follow_the_bank() -> None:
    row = break_of_recalled_money()
    closed = close_break(break_id=row.id, template=Template.SUSPENSE)
    assert (closed.state, suspense_minor()) == ("RESOLVED", -10_96)
    closing_minor = statement_of(row.day).closing_minor
    bank = account_id("asset:custodian_bank")
    assert held(bank) == closing_minor
    # Entered today, it counts from the bank's day.
    day_ends = queries.house_bounds(row.day)[1]
    before, then = (balance_at(bank, day_ends, by=axis) for axis in DateAxis)
    assert (before, then) == (closing_minor + 10_96, closing_minor)


def test_a_closed_break_stays_closed_and_its_journal_is_no_break(tmp_path: Path) -> None:
    row = break_of_recalled_money()
    close_break(break_id=row.id, template=Template.SUSPENSE)
    code, lines, summary = run("--date", row.day)
    assert (code, lines, summary["resolved"]) == (0, [], 1)
    advance(days=1)
    code, lines, _ = run(saved(tmp_path / "next.csv", file_of(row.day + DAY)))
    assert (code, lines) == (0, [])
    with pytest.raises(rules.BreakClosed):
        close_break(break_id=row.id, template=Template.EXPLAINED)
    assert suspense_minor() == -10_96


def test_a_break_that_is_no_money_of_ours_does_not_go_to_suspense() -> None:
    day = topped_up(100_00)
    reconcile_day(day=day)
    row = Break.objects.get(kind="missing_file")
    with pytest.raises(rules.TemplateUnfit):
        close_break(break_id=row.id, template=Template.SUSPENSE)
    assert close_break(break_id=row.id, template=Template.EXPLAINED).journal_id is None


def test_a_break_that_was_cleared_meanwhile_posts_nothing() -> None:
    day = topped_up(100_00)
    reconcile_day(day=day)
    row = Break.objects.get(kind="missing_file")
    read_statement(content=file_of(day))
    with pytest.raises(rules.BreakClosed):
        close_break(break_id=row.id, template=Template.EXPLAINED)
