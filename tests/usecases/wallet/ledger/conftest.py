"""The ways in which drafts are posted: each test of posting runs through every one.

On SQLite there is one, the rows. On PostgreSQL there are four: the interface (which picks
a function), the batch function, the batch function from JSON, and the rows.
"""

import json
import uuid
from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from wallet.ledger.usecases.post_by_function import post_by_lines
from wallet.ledger.usecases.post_by_rows import post_by_rows
from wallet.ledger.usecases.post_journals import post_journals
from wallet.ledger.values import Draft, Outcome, Result

Post = Callable[[Sequence[Draft]], list[Result]]


def post_by_json(drafts: Sequence[Draft]) -> list[Result]:
    """Through the function that other SQL functions call."""
    document = [
        {
            **draft._asdict(),
            "lines": [line._asdict() for line in draft.lines],
        }
        for draft in drafts
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_post(%s::jsonb)", [json.dumps(document, default=str)])
        [answer] = cursor.fetchone()
    return [
        Result(Outcome(row["outcome"]), _id(row["journal_id"]), _id(row["account_id"]))
        for row in json.loads(answer)
    ]


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


WAYS: dict[str, Post] = {"interface": post_journals}
if connection.vendor == "postgresql":
    WAYS |= {"lines": post_by_lines, "json": post_by_json, "rows": post_by_rows}


@pytest.fixture(params=WAYS)
def post(request: pytest.FixtureRequest) -> Post:
    """One of the ways."""
    return WAYS[request.param]
