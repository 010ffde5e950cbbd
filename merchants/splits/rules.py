"""Rules of splits. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.kernel.errors import Conflict, InvalidRequest, NotFound, Refused
from config.kernel.names import fits_name
from merchants.splits.values import Part
from wallet import money

# A split that is not carried out at once waits so long after the payment.
DELAY = timedelta(seconds=30)
MOST_PAYEES = 20


class SplitConflict(Conflict):
    """The merchant's number stands for another split."""

    code = "split_conflict"
    message = "This number was used for another split."


class SplitNotAllowed(Conflict):
    """The trade cannot be split: it is not paid, or its splitting was ended."""

    code = "split_not_allowed"
    message = "This trade cannot be split now."


class SplitUnknown(NotFound):
    """The merchant has no such split."""

    code = "split_not_found"
    message = "There is no such split."


class SplitPayeeUnknown(NotFound):
    """Nobody can be paid under that name."""

    code = "split_payee_unknown"
    message = "There is no such payee."


class SplitPayeeNameDiffers(Refused):
    """The payee's name is not the one that the merchant gave."""

    code = "split_payee_name_differs"
    message = "The payee has another name."


class RelationMissing(Refused):
    """Money goes only to those whom the merchant has bound as its payees."""

    code = "split_relation_missing"
    message = "The merchant has not bound this payee."


class SplitAmountInvalid(InvalidRequest):
    """The parts are more than what is left of the trade after its fee."""

    code = "split_amount_invalid"
    message = "The parts exceed what is left of the trade after its fee."


class SplitFundsShort(Refused):
    """What the merchant has unsettled and ready for payout does not cover the parts."""

    code = "split_funds_short"
    message = "The merchant's money does not cover the parts."


class SplitPayeeShort(Refused):
    """A payee no longer has what they are to give back."""

    code = "split_payee_short"
    message = "A payee does not have what they are to give back."


class PayeesInvalid(InvalidRequest):
    """No payees are named, or too many."""

    code = "split_payees_invalid"
    message = "One to twenty payees must be named."


def check_payees(count: int) -> None:
    """Check how many payees are named.

    Raises:
        PayeesInvalid: none, or more than MOST_PAYEES.
    """
    if not 0 < count <= MOST_PAYEES:
        raise PayeesInvalid(field="receiver_list")


def check_name(given: str, legal_name: str) -> None:
    """Check a payee's name against the verified one; none given is not checked.

    Raises:
        SplitPayeeNameDiffers: it is another.
    """
    if given.strip() and not fits_name(given, legal_name):
        raise SplitPayeeNameDiffers(field="name")


def check_parts(parts: Sequence[Part], *, rest_minor: int) -> None:
    """Check that the parts are what can be split.

    Args:
        parts: what each is to get.
        rest_minor: what is left of the trade.

    Raises:
        SplitAmountInvalid: they exceed it.
    """
    if sum(part.amount_minor for part in parts) > rest_minor:
        raise SplitAmountInvalid(field="amount", rest_minor=max(0, rest_minor))


def fee_left(*, paid_minor: int, refunded_minor: int, fee_bps: int) -> int:
    """What a trade will cost at settlement as it stands: its fee less what refunds bring back.

    The same sums as settlement's, in minor units; terms that change before the cut-off
    are settlement's business.
    """
    fee_minor = min(money.bps(paid_minor, fee_bps), paid_minor)
    return fee_minor - money.share(fee_minor, [refunded_minor, paid_minor - refunded_minor])[0]


def due_at(*, paid_at: datetime, now: datetime) -> datetime:
    """When a split that is not made at once is carried out."""
    return max(now, paid_at + DELAY)


def pro_rata(*, held_minor: int, refund_minor: int, left_minor: int) -> int:
    """A payee's share of a refund, rounded down; all of it with the last of the trade.

    Args:
        held_minor: what the payee got of the trade and has not given back.
        refund_minor: this refund.
        left_minor: what of the trade was not refunded before it.
    """
    return held_minor * refund_minor // left_minor


def spread(amount_minor: int, held: Sequence[int]) -> list[int]:
    """Take an amount from several holdings in order; the sum falls short where they do."""
    taken, rest = [], amount_minor
    for one in held:
        taken.append(min(rest, max(0, one)))
        rest -= taken[-1]
    return taken
