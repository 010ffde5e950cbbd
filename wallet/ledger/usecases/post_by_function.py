"""Post drafts on PostgreSQL: one statement, one round trip.

The statement goes through psycopg's own cursor on Django's connection: prepared on the
server, parameters bound there, no transaction of its own around it. Where the caller has
opened a transaction, it is part of that one.

A batch travels as array literals built by joining text, which costs a tenth of dumping
the elements one by one.
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from config.kernel import prepared_statements, transactions
from wallet.ledger.values import Draft, Outcome, Result, Side

_PAIR = (
    "SELECT outcome, journal_id, account_id FROM ledger_post_pair("
    "%s, %s, %s, %s, %s::bigint, %s, %s, %s, %s, %s, %s)"
)
_LINES = (
    "SELECT outcome, journal_id, account_id FROM ledger_post_lines("
    "%s::text[], %s::text[], %s::timestamptz[], %s::date[], %s::text[], %s::text[], %s::uuid[],"
    " %s::int[], %s::smallint[], %s::uuid[], %s::text[], %s::bigint[], %s::text[],"
    " %s::timestamptz[])"
)
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


def post_by_function(drafts: Sequence[Draft]) -> list[Result]:
    """Post checked drafts by the database's functions; see `post_journals`."""
    if len(drafts) == 1 and _is_pair(drafts[0]):
        return _call(_PAIR, _pair_parameters(drafts[0]))
    return post_by_lines(drafts)


def post_by_lines(drafts: Sequence[Draft]) -> list[Result]:
    """Post checked drafts of any shape by the batch function."""
    return _call(_LINES, _lines_parameters(drafts))


def _call(statement: str, parameters: Sequence[object]) -> list[Result]:
    if connection.in_atomic_block:
        rows = prepared_statements.fetch_rows(statement, parameters)
    else:
        rows = transactions.retrying(lambda: prepared_statements.fetch_rows(statement, parameters))
    return [Result(_OUTCOMES[outcome], journal, account) for outcome, journal, account in rows]


def _is_pair(draft: Draft) -> bool:
    """Whether the lean function takes it: one debit, then one credit, no reversal."""
    lines = draft.lines
    return len(lines) == 2 and lines[0].side is Side.DEBIT and draft.reverses is None


def _pair_parameters(draft: Draft) -> tuple[object, ...]:
    one, other = draft.lines
    return (
        draft.key,
        draft.kind,
        one.account_id,
        other.account_id,
        one.amount_minor,
        one.currency,
        draft.posted_at,
        draft.business_date,
        draft.reference,
        draft.narrative,
        draft.value_at,
    )


def _lines_parameters(drafts: Sequence[Draft]) -> tuple[str, ...]:
    lines = [
        (number, line_no, line)
        for number, draft in enumerate(drafts, start=1)
        for line_no, line in enumerate(draft.lines, start=1)
    ]
    return (
        _texts(draft.key for draft in drafts),
        _texts(draft.kind for draft in drafts),
        _plain(draft.posted_at.isoformat() for draft in drafts),
        _plain(draft.business_date.isoformat() for draft in drafts),
        _texts(draft.reference for draft in drafts),
        _texts(draft.narrative for draft in drafts),
        _plain(draft.reverses.hex if draft.reverses else "NULL" for draft in drafts),
        _plain(str(number) for number, _, _ in lines),
        _plain(str(line_no) for _, line_no, _ in lines),
        _plain(line.account_id.hex for _, _, line in lines),
        _plain(line.side.value for _, _, line in lines),
        _plain(str(line.amount_minor) for _, _, line in lines),
        _texts(line.currency for _, _, line in lines),
        _plain(draft.value_at.isoformat() if draft.value_at else "NULL" for draft in drafts),
    )


def _plain(items: Iterable[str]) -> str:
    """An array literal of items that need no quotes."""
    return "{" + ",".join(items) + "}"


def _texts(items: Iterable[str]) -> str:
    """An array literal of any text."""
    joined = '","'.join(
        item.replace("\\", "\\\\").replace('"', '\\"') if '"' in item or "\\" in item else item
        for item in items
    )
    return '{"' + joined + '"}'
