"""Rules of splits. Pure."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from config.kernel.errors import Conflict, InvalidRequest, NotFound, Refused
from config.kernel.names import fits_name
from merchants.splits.values import Keep, Part
from merchants.terms.rules import payment_fee
from merchants.terms.values import FeeTerms
from wallet import money

# A split that is not carried out at once waits so long after the payment.
DELAY = timedelta(seconds=30)
MOST_PAYEES = 20
# A percentage is exact to two decimals.
HUNDREDTHS = 100
# Under this name a sale keeps what is to go to whom when it is paid.
PLAN = "royalty"
# A sum that its sale froze for splits waits at most so long.
LONGEST_FREEZE = timedelta(days=365)


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


class SplitPayeeIsPayer(Refused):
    """A merchant gives no part of its sales to itself or its owner."""

    code = "split_payee_is_payer"
    message = "The payee is the merchant itself."


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


def check_other(
    *,
    merchant: tuple[uuid.UUID, uuid.UUID],
    payee: tuple[uuid.UUID | None, uuid.UUID],
    field: str,
) -> None:
    """Check that a payee is somebody else than the merchant; its owner's other shops are.

    Args:
        merchant: its id, and its owner's.
        payee: the id of the merchant that is to be paid, None for a wallet; and the owner's.
        field: names the payee in the refusal.

    Raises:
        SplitPayeeIsPayer: it is the merchant, or its owner's wallet.
    """
    merchant_id, owner_id = merchant
    if payee in ((merchant_id, owner_id), (None, owner_id)):
        raise SplitPayeeIsPayer(field=field)


def check_name(name: str, legal_name: str) -> None:
    """Check a payee's name against the verified one; an empty one is not checked.

    Raises:
        SplitPayeeNameDiffers: it is another.
    """
    if name.strip() and not fits_name(name, legal_name):
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


def most_of_sale(amount_minor: int, *, terms: FeeTerms) -> int:
    """What of a sale that is still to be paid can go to others: all but its fee."""
    return amount_minor - payment_fee(amount_minor, terms)


def shares_of(total_minor: int, percentages: Sequence[Decimal]) -> list[int]:
    """Share out what some percentages of an amount come to, by largest remainder.

    What they come to together is rounded down to whole minor units, a small
    share may come to nothing.

    Args:
        total_minor: the whole amount.
        percentages: not negative, with at most two decimals, some above zero.
    """
    weights = [int(percentage * HUNDREDTHS) for percentage in percentages]
    whole_minor = total_minor * sum(weights) // (100 * HUNDREDTHS)
    return money.share(whole_minor, weights)


def planned(details: Mapping[str, object]) -> int:
    """What a sale's details say is to go to others when it is paid, in minor units."""
    parts = details.get(PLAN)
    if not isinstance(parts, list):
        return 0
    return sum(int(part["amount_minor"]) for part in parts)


def keeps_back(details: Mapping[str, object], *, binds: bool) -> Keep:
    """Whether a settled trade's rest is kept back from the payout, as its sale said.

    `royalty_freeze` in `extend_params` decides where it is given. Where it is not, a merchant
    that has bound payees keeps it for a few days.

    Args:
        details: the sale's.
        binds: whether the merchant has payees in force.
    """
    extras = details.get("extend_params")
    flag = extras.get("royalty_freeze") if isinstance(extras, Mapping) else None
    if flag is True or str(flag).lower() == "true":
        return Keep.UNTIL_FINISHED
    if flag is False or str(flag).lower() == "false":
        return Keep.NOTHING
    return Keep.FOR_DAYS if binds else Keep.NOTHING


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


def spread(amount_minor: int, capacities: Sequence[int]) -> list[int]:
    """Take an amount from several holdings in order; the sum falls short where they do."""
    parts, rest = [], amount_minor
    for one in capacities:
        parts.append(min(rest, max(0, one)))
        rest -= parts[-1]
    return parts
