"""What makes a break: one line and one entry at a time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from merchants.reconciliation import rules
from merchants.reconciliation.values import (
    BookLine,
    BreakKind,
    LineStatus,
    Order,
    Statement,
    StatementLine,
)

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATE = NOON + timedelta(hours=11)
OURS = "0123456789abcdef0123456789abcdef"
ENTRY = BookLine(OURS, "", 100_00, "CNY", DAY, late=False)
LINE = StatementLine("b-1", OURS, 100_00, 0, "CNY", LineStatus.BOOKED, NOON)
NOTHING = rules.Elsewhere(before=(), after=(), is_next_read=False)


def kinds(
    lines: list[StatementLine],
    entries: list[BookLine],
    *,
    orders: dict[str, Order] | None = None,
    elsewhere: rules.Elsewhere = NOTHING,
) -> list[str]:
    """The kinds of break between these, in order."""
    statement = Statement(DAY, "CNY", NOON, 0, 0, tuple(lines))
    found = rules.differences(
        statement, entries, orders=orders or {}, elsewhere=elsewhere, late_from=LATE
    )
    return [entry.kind.value for entry in found]


@pytest.mark.parametrize(
    ("line", "entry", "kind"),
    [
        pytest.param(LINE, ENTRY, [], id="the same"),
        pytest.param(LINE._replace(amount_minor=99_99), ENTRY, ["amount"], id="a fen less"),
        pytest.param(
            LINE._replace(amount_minor=99_00, fee_minor=1_00), ENTRY, ["fee"], id="charged"
        ),
        pytest.param(
            LINE._replace(amount_minor=99_00, fee_minor=99), ENTRY, ["amount"], id="charged wrong"
        ),
        pytest.param(LINE._replace(currency="USD"), ENTRY, ["currency"], id="other currency"),
        pytest.param(
            LINE._replace(status=LineStatus.PENDING), ENTRY, ["status"], id="only announced"
        ),
        pytest.param(
            LINE, ENTRY._replace(day=DAY - timedelta(days=1)), ["cross_day"], id="the day before"
        ),
        pytest.param(
            LINE._replace(reference=OURS.replace("89ab", "9a8b", 1)),
            ENTRY,
            ["reference"],
            id="four marks swapped",
        ),
        pytest.param(
            LINE._replace(reference=OURS[:20]), ENTRY, ["reference"], id="cut off after twenty"
        ),
        pytest.param(
            LINE._replace(reference="f" * 32), ENTRY, ["missing_here", "missing_there"], id="other"
        ),
    ],
)
def test_a_line_and_an_entry_differ_by_one_kind(
    line: StatementLine, entry: BookLine, kind: list[str]
) -> None:
    assert kinds([line], [entry]) == kind


def test_a_line_again_is_a_duplicate_under_the_same_or_another_number() -> None:
    assert kinds([LINE, LINE], [ENTRY]) == ["duplicate"]
    assert kinds([LINE, LINE._replace(bank_reference="b-2")], [ENTRY]) == ["duplicate"]


def test_money_out_and_back_under_one_reference_is_no_duplicate() -> None:
    back = LINE._replace(bank_reference="b-2", amount_minor=-100_00)
    assert kinds([LINE, back], [ENTRY, ENTRY._replace(amount_minor=-100_00)]) == []


@pytest.mark.parametrize(
    ("is_open", "is_booked", "at", "status", "kind"),
    [
        pytest.param(True, False, NOON, "BOOKED", ["status"], id="in flight"),
        pytest.param(True, False, NOON, "PENDING", [], id="in flight with both"),
        pytest.param(True, False, LATE, "BOOKED", ["cross_day"], id="in flight, late"),
        pytest.param(False, False, LATE, "BOOKED", ["status"], id="failed with us"),
        pytest.param(False, True, NOON, "BOOKED", ["cross_day"], id="booked on another day"),
    ],
)
def test_an_order_without_an_entry_says_what_the_line_means(
    is_open: bool, is_booked: bool, at: datetime, status: str, kind: list[str]
) -> None:
    line = LINE._replace(booked_at=at, status=LineStatus(status))
    order = Order(OURS, 100_00, is_open, is_booked)
    assert kinds([line], [], orders={OURS: order}) == kind


def test_a_late_entry_waits_until_the_next_statement_is_read() -> None:
    late = ENTRY._replace(late=True)
    assert kinds([], [ENTRY]) == ["missing_there"]
    assert kinds([], [late]) == ["cross_day"]
    read = NOTHING._replace(is_next_read=True)
    assert kinds([], [late], elsewhere=read) == ["missing_there"]
    came = read._replace(after={(OURS, True)})
    assert kinds([], [late], elsewhere=came) == ["cross_day"]


def test_a_line_of_an_earlier_statement_again_is_a_duplicate() -> None:
    earlier = NOTHING._replace(before={(OURS, True)})
    yesterday = ENTRY._replace(day=DAY - timedelta(days=1))
    assert kinds([LINE], [yesterday], elsewhere=earlier) == ["duplicate"]


def test_money_under_the_banks_number_alone_is_found_by_it() -> None:
    parked = BookLine("", "b-1", 100_00, "CNY", DAY, late=False)
    assert kinds([LINE._replace(reference="")], [parked]) == []


@pytest.mark.parametrize(
    ("days", "name"), [(0, "0-1"), (1, "0-1"), (2, "2-7"), (8, "8-30"), (31, "over 30")]
)
def test_breaks_age_in_columns(days: int, name: str) -> None:
    assert rules.bucket(days) == name


@pytest.mark.parametrize(
    ("kind", "template", "difference_minor", "error"),
    [
        pytest.param("missing_here", "SUSPENSE", 0, rules.TemplateUnfit, id="nothing to move"),
        pytest.param("currency", "SUSPENSE", 1, rules.TemplateUnfit, id="other money"),
        pytest.param("amount", "ELSEWHERE", 1, rules.TemplateUnfit, id="no template"),
    ],
)
def test_a_template_closes_only_what_it_fits(
    kind: str, template: str, difference_minor: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        rules.check_closable(
            state="OPEN", kind=kind, template=template, difference_minor=difference_minor
        )
    rules.check_closable(state="OPEN", kind="amount", template="SUSPENSE", difference_minor=1)
    assert BreakKind.CURRENCY in rules.NOT_MONEY
