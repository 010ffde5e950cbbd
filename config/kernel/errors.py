"""Two kinds of failure, kept apart.

A SaomaError is anticipated: the world is not as the caller hoped (too little money,
an expired code). It carries a stable `code`, a sentence for people and `fields` for
machines; its family says of what kind it is, and config.http.problems alone turns
families into HTTP statuses.

A broken invariant is our own bug. Nobody catches it: the transaction rolls back and
someone is woken. Unlike `assert`, it survives `python -O`.
"""

from typing import ClassVar, TypeVar

T = TypeVar("T")


class SaomaError(Exception):
    """Base of anticipated failures; subclasses live beside what raises them.

    Args:
        field: name of the input that is wrong, where one is.
        fields: facts for the caller; amounts in minor units, ids as text.
    """

    code: ClassVar[str]
    message: ClassVar[str] = ""

    def __init__(self, *, field: str | None = None, **fields: object) -> None:
        super().__init__(self.code, fields)
        self.field = field
        self.fields = fields

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.fields.items())
        return f"{self.code}: {self.message}" + (f" ({facts})" if facts else "")


class InvalidRequest(SaomaError):
    """The request's shape or a value in it is wrong."""

    code = "invalid_request"
    message = "The request is not valid."


class Unauthenticated(SaomaError):
    """Nobody, or somebody we cannot believe, is asking."""

    code = "unauthenticated"
    message = "Proof of identity is missing or wrong."


class NotPermitted(SaomaError):
    """We know who asks; they may not."""

    code = "not_permitted"
    message = "This caller may not do this."


class NotFound(SaomaError):
    """There is no such object, or it is somebody else's."""

    code = "not_found"
    message = "There is no such object."


class Conflict(SaomaError):
    """The object's state, or an earlier request with the same key, stands against it."""

    code = "conflict"
    message = "The object's state does not allow this."


class Gone(SaomaError):
    """It was good once and is too old now."""

    code = "gone"
    message = "This is no longer valid."


class Refused(SaomaError):
    """The request is well formed and a rule says no; nothing was written."""

    code = "refused"
    message = "A rule refuses this."


class Locked(SaomaError):
    """The account or credential is frozen or locked."""

    code = "locked"
    message = "This is locked."


class RateLimited(SaomaError):
    """Too many tries; come back later."""

    code = "rate_limited"
    message = "Too many requests."


class Unavailable(SaomaError):
    """The result is unknown or a part is down: query before trying again."""

    code = "try_query"
    message = "The result is unknown; query before trying again."


class InvariantBroken(AssertionError):
    """What cannot be, is."""


def invariant(condition: bool, message: str) -> None:
    """State what must hold here; stop if it does not."""
    if not condition:
        raise InvariantBroken(message)


def required(value: T | None, message: str) -> T:
    """Give a value that cannot be absent here; stop if it is."""
    if value is None:
        raise InvariantBroken(message)
    return value
