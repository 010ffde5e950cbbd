"""The ways in which drafts are posted: each test of posting runs through every one.

On SQLite there is one, the rows. On PostgreSQL there are three: the interface (which picks
a function), the batch function, and the rows.
"""

from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from wallet.ledger.usecases.post_by_function import post_by_lines
from wallet.ledger.usecases.post_by_rows import post_by_rows
from wallet.ledger.usecases.post_journals import post_journals
from wallet.ledger.values import Draft, Result

Post = Callable[[Sequence[Draft]], list[Result]]


WAYS: dict[str, Post] = {"interface": post_journals}
if connection.vendor == "postgresql":
    WAYS |= {"lines": post_by_lines, "rows": post_by_rows}


@pytest.fixture(params=WAYS)
def post(request: pytest.FixtureRequest) -> Post:
    """One of the ways."""
    return WAYS[request.param]
