"""Whatever dates journals bear, a balance at any moment is the sum of what counted then."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.ledger import NOON, bank, move, open_shop, open_wallet
from wallet.ledger import queries
from wallet.ledger.models import Entry
from wallet.ledger.usecases.post_journals import post_journals
from wallet.ledger.usecases.take_checkpoints import take_checkpoints
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.ledger.values import DateAxis, Draft

HOUR = timedelta(hours=1)
hours = st.integers(0, 72)
# When it is said to be made, and from when it counts: so many hours on or back, or the same.
dated = st.tuples(hours, st.none() | st.integers(-48, 48), st.integers(1, 9_99))
journals = st.lists(st.one_of(dated, st.just("midnight")), min_size=1, max_size=8)


def drafted(account_id: uuid.UUID, one: tuple[int, int | None, int]) -> Draft:
    made, shift, amount_minor = one
    posted_at = NOON + made * HOUR
    back = move(bank(), account_id, amount_minor, at=posted_at, kind="bank.reconciled")
    return back._replace(value_at=None if shift is None else posted_at + shift * HOUR)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=journals, alone=st.booleans())
def test_a_balance_at_any_moment_is_the_sum_of_what_counted_then(
    plan: list[tuple[int, int | None, int] | str], alone: bool
) -> None:
    with transaction.atomic():
        wallet, shop = open_wallet(), open_shop()
        counted: list[tuple[datetime, int]] = []
        for one in plan:
            if isinstance(one, str):
                take_checkpoints(now=NOON + 24 * HOUR)
                continue
            drafts = [drafted(account_id, one) for account_id in (wallet, shop)]
            for batch in [drafts[:1], drafts[1:]] if alone else [drafts]:
                post_journals(batch)
            counted.append((drafts[0].value_at or drafts[0].posted_at, one[2]))
        for account_id in (wallet, shop):
            check(account_id, counted)
        assert [c for c in verify_ledger().checks if not c.passed] == []
        transaction.set_rollback(True)


def check(account_id: uuid.UUID, counted: list[tuple[datetime, int]]) -> None:
    """By value date the plan's own sum; by entry date the sum of the entries made by then."""
    entries = list(Entry.objects.filter(account_id=account_id).order_by("id"))
    if not queries.account(account_id).hot:
        made = [entry.posted_at for entry in entries]
        assert made == sorted(made)
    for moment in [NOON + hour * HOUR for hour in range(-40, 121, 20)]:
        assert queries.balance_at(account_id, moment, by=DateAxis.VALUE) == sum(
            amount_minor for value_at, amount_minor in counted if value_at <= moment
        )
        assert queries.balance_at(account_id, moment, by=DateAxis.ENTRY) == sum(
            entry.amount_minor for entry in entries if entry.posted_at <= moment
        )
