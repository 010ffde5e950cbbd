"""A split in the protocol's words."""

from collections.abc import Iterator
from typing import Final

from merchants.protocol.formats import beijing, yuan
from merchants.protocol.persons import payee_field
from merchants.splits.models import Split
from merchants.splits.values import SplitState

STATE: Final = {
    SplitState.PENDING: "PROCESSING",
    SplitState.DONE: "SUCCESS",
    SplitState.FAILED: "FAIL",
}


def split_details(
    split: Split, merchant_number: str, *, app_number: str
) -> Iterator[dict[str, str]]:
    """Each part of a split as the protocol tells it to an app."""
    for share in split.shares.order_by("id"):
        payee, named_by = payee_field(app_number, share.payee_number)
        fields = {
            "amount": yuan(share.amount_minor),
            "detail_id": share.id.hex,
            "error_code": split.reason.upper(),
            "execute_dt": beijing(share.moved_at) if share.moved_at else "",
            "operation_type": "transfer",
            "state": STATE[SplitState(split.state)],
            "trans_in": payee,
            "trans_in_type": named_by,
            "trans_out": merchant_number,
            "trans_out_type": "userId",
        }
        yield {name: value for name, value in fields.items() if value}
