"""Words of the four-eyes approvals. Pure."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from config.kernel.errors import SaomaError

# What an action is asked to do: plain JSON values, ids as text.
Parameters = Mapping[str, object]
# What is known of a target or of an effect: label to value, shown to people.
Facts = Mapping[str, object]


class Status(StrEnum):
    """Where a request stands."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    EXECUTED = "EXECUTED"
    FAILED = "FAILED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    STALE = "STALE"


class SponsorAct(StrEnum):
    """What one operator did for another's power."""

    CREATED = "CREATED"
    PROMOTED = "PROMOTED"


TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset(
        {
            Status.APPROVED,
            Status.REJECTED,
            Status.WITHDRAWN,
            Status.EXPIRED,
            Status.STALE,
        }
    ),
    Status.APPROVED: frozenset({Status.EXECUTED, Status.FAILED, Status.STALE}),
    Status.EXECUTED: frozenset(),
    Status.FAILED: frozenset(),
    Status.REJECTED: frozenset(),
    Status.WITHDRAWN: frozenset(),
    Status.EXPIRED: frozenset(),
    Status.STALE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A name that leads to a row's page in the operators' panel.

    `model` is the table as Django spells it ("accounts.WalletUser"), `pk` the row's key as
    text. Whoever may not open that page sees the name alone.
    """

    text: str
    model: str
    pk: str

    def __str__(self) -> str:
        return self.text


def change(before: object, after: object) -> str:
    """A change in words: "FROZEN → ACTIVE"."""
    return f"{before} → {after}"


class Signatures(TypedDict):
    """Who stands behind an execution, as use cases take it."""

    maker: str
    checkers: tuple[str, ...]
    approval_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Approved:
    """What an executor is given: the request that enough others have approved.

    `maker` and `checkers` are operators' login names, for the records of the effect.
    """

    request_id: uuid.UUID
    parameters: Parameters
    reason: str
    maker: str
    checkers: tuple[str, ...]

    @property
    def signatures(self) -> Signatures:
        """The people and the request, for a use case that writes them down."""
        return Signatures(maker=self.maker, checkers=self.checkers, approval_id=self.request_id)


def plain(facts: Facts) -> dict[str, object]:
    """Turn facts into plain JSON values: ids, dates and amounts that are not become text."""
    values: dict[str, object] = json.loads(json.dumps(dict(facts), default=str))
    return values


def fingerprint(facts: Facts) -> str:
    """SHA-256 (hex) of facts, whatever the order of their labels."""
    text = json.dumps(plain(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def id_in(parameters: Parameters, name: str, unknown: type[SaomaError]) -> uuid.UUID:
    """The id that a parameter names.

    Raises:
        SaomaError: of the kind `unknown`, naming the parameter: it is no id.
    """
    try:
        return uuid.UUID(str(parameters.get(name)))
    except ValueError as error:
        raise unknown(field=name) from error
