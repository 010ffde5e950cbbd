"""What many journals did to some accounts, summed by the database."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.db.models import Case, F, Sum, When

from wallet.ledger.models import Entry
from wallet.ledger.values import Side

IDS_AT_ONCE = 1000


def credited_by(
    journal_ids: Iterable[uuid.UUID], account_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, int]:
    """Credits less debits of each journal on some accounts together, in minor units.

    A journal that has no entry on them is left out.
    """
    return dict(_sums(journal_ids, account_ids))


def _sums(
    journal_ids: Iterable[uuid.UUID], account_ids: Collection[uuid.UUID]
) -> Iterator[tuple[uuid.UUID, int]]:
    signed = Case(When(side=Side.CREDIT, then=F("amount_minor")), default=-F("amount_minor"))
    rest = iter(journal_ids)
    while part := list(islice(rest, IDS_AT_ONCE)):
        entries = Entry.objects.filter(journal_id__in=part, account_id__in=account_ids)
        sums = entries.order_by().values("journal_id").annotate(change=Sum(signed))
        yield from sums.values_list("journal_id", "change")
