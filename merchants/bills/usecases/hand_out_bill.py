"""Hand a bill out; one of a time that is over and settled is made once and kept."""

from io import BytesIO
from typing import IO

from config.kernel import clock, transactions
from merchants.bills import queries
from merchants.bills.files import bill_file
from merchants.bills.models import StoredBill
from merchants.bills.values import BillKind, Period
from merchants.onboarding.models import Merchant


def hand_out_bill(*, merchant: Merchant, kind: BillKind, period: Period) -> IO[bytes]:
    """A merchant's bill as a zip, open at its beginning.

    As long as its time runs, or a day of it is not settled, a bill says what is known so far.
    The first one after that is kept, and every later one is that, byte for byte.
    """
    stored = queries.stored_bill(merchant, kind, period)
    if stored is not None:
        return BytesIO(bytes(stored.content))
    bill: IO[bytes] = bill_file(merchant, kind, period)
    if not queries.is_closed(merchant, period, now=clock.now()):
        return bill
    with bill:
        return BytesIO(_kept(merchant, kind, period, bill.read()))


@transactions.atomic_retry
def _kept(merchant: Merchant, kind: BillKind, period: Period, content: bytes) -> bytes:
    """Keep a bill; of two made at once the first one stands."""
    stored, _ = StoredBill.objects.get_or_create(
        merchant=merchant, kind=kind, label=period.label, defaults={"content": content}
    )
    return bytes(stored.content)
