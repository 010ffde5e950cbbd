"""Count the tries of whoever shows a buyer's code."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from config.kernel.limits.counting import count, forget
from merchants.deals import rules


@contextmanager
def try_proof(*, deal_id: uuid.UUID) -> Iterator[None]:
    """Count a try at a deal's code before it is judged; one that fits clears the count.

    Counted first, so that tries made at one moment do not pass together. Use it outside a
    transaction: tries must survive a refusal.

    Raises:
        TooManyProofs: five tries within an hour; `retry_after_s`.

    Locks: the deal's count, not beyond the counting.
    """
    count(rules.PROOF_TRIES, subject=str(deal_id))
    yield
    forget(rules.PROOF_TRIES, subject=str(deal_id))
