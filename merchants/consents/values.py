"""Values of consents: who allows, what may be seen, what is handed out."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CertificationState(StrEnum):
    """Where a question about somebody's identity stands."""

    WAITING = "WAITING"
    PASSED = "PASSED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class IdentityClaim:
    """Who an app says that somebody is; only digests and the name are ever kept."""

    name: str
    number: str


class GrantKind(StrEnum):
    """CITIZEN: a person lets an app know them. MERCHANT: a merchant lets it act for them."""

    CITIZEN = "CITIZEN"
    MERCHANT = "MERCHANT"


class Scope(StrEnum):
    """What a citizen lets an app know, or what a merchant lets it do in its name.

    Health has no scope and never will.
    """

    IDENTITY = "identity"  # the same person again, by a number of the app's own
    PROFILE = "profile"  # the name as well
    HISTORY = "history"  # what they bought at the app's own merchant, for one purpose
    PAY = "pay"  # take payments and give them back
    SPLIT = "split"  # name payees and give them parts of sales
    TRANSFER = "transfer"  # send money from the merchant's balance
    READ = "read"  # see balances and bills


# What a merchant's mandate may hold, in the order in which it is shown.
MANDATE_SCOPES = (Scope.PAY, Scope.SPLIT, Scope.TRANSFER, Scope.READ)


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh pair of tokens, shown once and kept as hashes.

    `subject_app_number` is the merchant's app that is acted for; empty for a citizen's grant.
    """

    grant_id: uuid.UUID
    user_id: uuid.UUID
    open_id: str
    subject_app_number: str
    access_token: str
    refresh_token: str
    issued_at: datetime
    expires_at: datetime
    refresh_expires_at: datetime
