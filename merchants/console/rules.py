"""Rules of the console: what its forms take, and what its faults are called. Pure."""

from dataclasses import dataclass
from typing import Final

from config.kernel.errors import InvalidRequest
from merchants.onboarding.values import PersonNaming
from merchants.workbench.values import FaultKind

LONGEST_NAME: Final = 64
DAY_HOURS: Final = 24


class FormInvalid(InvalidRequest):
    """A field of a form has a value that it may not have."""

    code = "invalid_request"
    message = "This field has a value that it may not have."


@dataclass(frozen=True, slots=True)
class FaultText:
    """A fault in words, and the promise that must hold in spite of it."""

    kind: FaultKind
    title: str
    happens: str
    holds: str


PERSONS: Final = (
    (PersonNaming.USER_ID, "user_id: the 16 digits that every app sees"),
    (PersonNaming.BOTH, "user_id and open_id"),
    (PersonNaming.OPEN_ID_ONLY, "open_id only: the app's own"),
)
FAULTS: Final = (
    FaultText(
        FaultKind.DROP_ANSWER,
        "Lose the answer",
        "The call is carried out and signed; the connection ends half way through the answer.",
        "The money moved once. A query by out_trade_no tells it; the same call again is not a "
        "second payment.",
    ),
    FaultText(
        FaultKind.DELAY_ANSWER,
        "Answer late",
        "The call is carried out at once; its answer comes after the delay.",
        "A client that gives up and queries sees the same trade as one that waits.",
    ),
    FaultText(
        FaultKind.ERROR_BEFORE,
        "20000 before anything",
        "The call is answered 20000 (result unknown), and nothing has been done.",
        "A query says ACQ.TRADE_NOT_EXIST; the same out_trade_no can be sent again.",
    ),
    FaultText(
        FaultKind.ERROR_AFTER,
        "20000 after everything",
        "The call is carried out in full and answered 20000 (result unknown).",
        "A query says TRADE_SUCCESS; a client that treats 20000 as failure gives goods away "
        "or takes money for nothing.",
    ),
    FaultText(
        FaultKind.DUPLICATE_NOTICE,
        "Notify twice",
        "A delivered notification comes once more.",
        "notify_id is the same both times: the order is fulfilled once.",
    ),
    FaultText(
        FaultKind.REORDER_NOTICE,
        "Notify out of order",
        "A notification waits for half a minute, so that a later one comes first.",
        "The order's state never goes backwards: trust trade_status and a query, not the order "
        "of arrival.",
    ),
)


def app_name(text: str) -> str:
    """The name of a new app.

    Raises:
        FormInvalid: it is empty or longer than 64 characters.
    """
    name = text.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise FormInvalid(field="name")
    return name


def fault_kind(text: str) -> FaultKind:
    """Which fault a form means.

    Raises:
        FormInvalid: there is no such fault.
    """
    try:
        return FaultKind(text)
    except ValueError as error:
        raise FormInvalid(field="kind") from error


def overlap_hours(text: str) -> int:
    """How long an old key goes on beside the new one; a day if nothing is said.

    Raises:
        FormInvalid: it is no whole number.
    """
    return whole(text, field="overlap_hours") if text.strip() else DAY_HOURS


def whole(text: str, *, field: str) -> int:
    """A whole number of a form, at most seven digits.

    Raises:
        FormInvalid: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise FormInvalid(field=field)
    return int(text)


def whole_or_none(text: str, *, field: str) -> int | None:
    """A whole number of a form, or None where it was left empty.

    Raises:
        FormInvalid: it is neither.
    """
    return whole(text, field=field) if text.strip() else None
