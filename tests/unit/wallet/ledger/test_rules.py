"""Rules of double-entry bookkeeping, without a database.

Alice's and Bob's accounts rise by credits; the bank's by debits.
"""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from config.kernel.errors import InvariantBroken
from wallet.ledger import rules
from wallet.ledger.rules import AccountSnapshot
from wallet.ledger.values import (
    AccountState,
    Draft,
    Line,
    Outcome,
    Result,
    Side,
    account_id,
    credit,
    debit,
)

ALICE, BOB, BANK = (account_id(code) for code in ("alice", "bob", "bank"))
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def book(account: uuid.UUID, posted_minor: int = 100, **changed: object) -> AccountSnapshot:
    side = Side.DEBIT if account == BANK else Side.CREDIT
    plain = AccountSnapshot(
        id=account,
        currency="CNY",
        normal_side=side,
        state=AccountState.OPEN,
        hot=False,
        floor_minor=0,
        posted_minor=posted_minor,
        held_minor=0,
        last_posted_at=None,
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


def draft(*lines: Line, **changed: object) -> Draft:
    plain = Draft("key", "test", lines, NOON, date(2026, 3, 1))
    return plain._replace(**changed)  # type: ignore[arg-type]


def decide(change: Draft, *books: AccountSnapshot) -> tuple[Outcome, uuid.UUID | None]:
    return rules.decide(change, {one.id: one for one in books})


PAY = draft(debit(ALICE, 60, "CNY"), credit(BOB, 60, "CNY"))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((debit(ALICE, 5, "CNY"), credit(BOB, 5, "CNY")), id="two"),
        pytest.param(
            (debit(ALICE, 5, "CNY"), credit(BOB, 3, "CNY"), credit(BANK, 2, "CNY")), id="three"
        ),
        pytest.param(
            (
                debit(ALICE, 5, "CNY"),
                credit(BANK, 5, "CNY"),
                debit(BANK, 1, "USD"),
                credit(BOB, 1, "USD"),
            ),
            id="two currencies",
        ),
    ],
)
def test_balanced_lines_pass(lines: tuple[Line, ...]) -> None:
    rules.check_draft(draft(*lines))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((), id="none"),
        pytest.param((debit(ALICE, 5, "CNY"),), id="one"),
        pytest.param((debit(ALICE, 5, "CNY"), debit(BOB, 5, "CNY")), id="one side"),
        pytest.param((debit(ALICE, 5, "CNY"), credit(BOB, 4, "CNY")), id="unequal"),
        pytest.param((debit(ALICE, 5, "CNY"), credit(BOB, 5, "USD")), id="currencies"),
        pytest.param((debit(ALICE, 5, "CNY"), credit(ALICE, 5, "CNY")), id="one account"),
        pytest.param((debit(ALICE, 0, "CNY"), credit(BOB, 0, "CNY")), id="zero"),
        pytest.param((debit(ALICE, -5, "CNY"), credit(BOB, -5, "CNY")), id="negative"),
        pytest.param((debit(ALICE, 10**16, "CNY"), credit(BOB, 10**16, "CNY")), id="too much"),
        pytest.param(
            (debit(ALICE, 5, "CNY"), credit(BOB, 3, "CNY"), credit(BANK, 1, "CNY")),
            id="unequal three",
        ),
        pytest.param(
            (debit(ALICE, 5, "CNY"), credit(ALICE, 3, "CNY"), credit(ALICE, 2, "CNY")),
            id="one account three times",
        ),
    ],
)
def test_lines_that_make_or_lose_money_are_a_bug(lines: tuple[Line, ...]) -> None:
    with pytest.raises(InvariantBroken):
        rules.check_draft(draft(*lines))


@pytest.mark.parametrize(
    "changed",
    [
        {"key": ""},
        {"key": "k" * 129},
        {"kind": "k" * 41},
        {"reference": "r" * 65},
        {"narrative": "n" * 201},
        {"posted_at": datetime(2026, 3, 1)},  # noqa: DTZ001
    ],
)
def test_what_does_not_fit_its_column_is_a_bug(changed: dict[str, object]) -> None:
    with pytest.raises(InvariantBroken):
        rules.check_draft(PAY._replace(**changed))  # type: ignore[arg-type]


def test_more_lines_than_a_journal_holds_are_a_bug() -> None:
    lines = [debit(ALICE, 1, "CNY"), credit(BOB, 1, "CNY")] * (rules.MAX_LINES // 2 + 1)
    with pytest.raises(InvariantBroken):
        rules.check_draft(draft(*lines))


def test_posts_what_is_covered() -> None:
    assert decide(PAY, book(ALICE, 60), book(BOB, 0)) == (Outcome.POSTED, None)


@pytest.mark.parametrize(
    ("books", "outcome", "culprit"),
    [
        pytest.param([book(BOB)], Outcome.UNKNOWN_ACCOUNT, ALICE, id="unknown"),
        pytest.param(
            [book(ALICE), book(BOB, currency="USD")], Outcome.CURRENCY_MISMATCH, BOB, id="currency"
        ),
        pytest.param(
            [book(ALICE), book(BOB, state=AccountState.CLOSED)], Outcome.CLOSED, BOB, id="closed"
        ),
        pytest.param(
            [book(ALICE, state=AccountState.FROZEN), book(BOB)], Outcome.FROZEN, ALICE, id="frozen"
        ),
        pytest.param([book(ALICE, 59), book(BOB)], Outcome.INSUFFICIENT, ALICE, id="short"),
        pytest.param(
            [book(ALICE, held_minor=41), book(BOB)], Outcome.INSUFFICIENT, ALICE, id="held"
        ),
    ],
)
def test_names_what_stands_in_the_way(
    books: list[AccountSnapshot], outcome: Outcome, culprit: uuid.UUID
) -> None:
    assert decide(PAY, *books) == (outcome, culprit)


@pytest.mark.parametrize(
    "books",
    [
        pytest.param([book(ALICE), book(BOB, 0, state=AccountState.FROZEN)], id="frozen payee"),
        pytest.param([book(ALICE, 0, floor_minor=None), book(BOB)], id="no floor"),
        pytest.param([book(ALICE, 0, floor_minor=-60), book(BOB)], id="overdraft"),
    ],
)
def test_lets_pass_what_nothing_forbids(books: list[AccountSnapshot]) -> None:
    assert decide(PAY, *books) == (Outcome.POSTED, None)


def test_the_first_reason_in_order_of_precedence_is_the_answer() -> None:
    poor = book(ALICE, 0, state=AccountState.CLOSED)
    foreign = book(BOB, currency="USD", state=AccountState.CLOSED)
    assert decide(PAY, poor, foreign) == (Outcome.CURRENCY_MISMATCH, BOB)


def test_a_debit_raises_a_debit_account() -> None:
    assert rules.change(debit(BANK, 5, "CNY"), Side.DEBIT) == 5
    assert rules.change(credit(BANK, 5, "CNY"), Side.DEBIT) == -5


def test_what_passes_through_an_account_is_netted() -> None:
    through = draft(
        debit(BOB, 5, "CNY"), credit(ALICE, 5, "CNY"), debit(BANK, 7, "CNY"), credit(BOB, 7, "CNY")
    )
    books = {one.id: one for one in (book(ALICE), book(BOB, 0), book(BANK))}
    assert rules.net_changes(through, books) == {BOB: 2, ALICE: 5, BANK: 7}
    assert rules.decide(through, books) == (Outcome.POSTED, None)


@pytest.mark.parametrize(
    ("hot", "floor_minor", "falls", "locked"),
    [
        (False, 0, False, True),
        (False, None, True, True),
        (True, 0, False, False),
        (True, 0, True, True),
        (True, None, True, False),
    ],
)
def test_only_hot_accounts_that_rise_or_have_no_floor_go_unlocked(
    hot: bool, floor_minor: int | None, falls: bool, locked: bool
) -> None:
    assert rules.needs_lock(hot=hot, floor_minor=floor_minor, falls=falls) is locked


def test_a_reversal_puts_each_line_on_the_other_side() -> None:
    assert rules.reversed_lines(PAY.lines) == (credit(ALICE, 60, "CNY"), debit(BOB, 60, "CNY"))


def test_each_refusal_has_its_error() -> None:
    refusals = set(Outcome) - {Outcome.POSTED, Outcome.REPLAYED}
    assert set(rules.ERRORS) == refusals
    error = rules.error_for(Result(Outcome.INSUFFICIENT, None, ALICE), PAY)
    assert isinstance(error, rules.InsufficientFunds)
    assert error.fields == {"key": "key", "account_id": str(ALICE)}
    assert "account_id" not in rules.error_for(Result(Outcome.KEY_CONFLICT, None, None), PAY).fields
