"""Words of the subjects slice. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# What identities, and claims to a guardianship, are sealed for.
IDENTITY_SEAL = "health-identity"
CLAIM_SEAL = "health-guardianship-claim"


class SubjectState(StrEnum):
    """An erased subject keeps a row without anything about the person."""

    ACTIVE = "ACTIVE"
    ERASED = "ERASED"


class IdentityProof(StrEnum):
    """What proves that a person is who they say. A document that is merely typed is none.

    WALLET: the wallet's verified identity has the same document; one signed bit says so.
    DESK: an operator compared the document with the person. CLAIM_CODE: a code that a desk
    gave to the person it had identified. SIMULATED: the lab's registry, which believes
    everybody. EARLIER: taken before proof was asked for.
    """

    SIMULATED = "SIMULATED"
    EARLIER = "EARLIER"
    WALLET = "WALLET"
    CLAIM_CODE = "CLAIM_CODE"
    DESK = "DESK"


# A stronger proof takes a document over from a weaker one, never the other way.
PROOF_STRENGTH = {
    IdentityProof.SIMULATED: 1,
    IdentityProof.EARLIER: 1,
    IdentityProof.WALLET: 2,
    IdentityProof.DESK: 2,
    IdentityProof.CLAIM_CODE: 3,
}


class DocumentType(StrEnum):
    """Types of identity document, by the numbers that gates use (health.md 1.5)."""

    ID_CARD = "10"
    HK_MACAO_PERMIT = "14"
    TAIWAN_PERMIT = "15"
    ONE_TIME_TAIWAN_PERMIT = "16"
    PASSPORT = "20"
    PERMANENT_RESIDENCE = "34"
    OTHER = "99"


class Relation(StrEnum):
    """What a guardian is to a dependent."""

    CHILD = "CHILD"
    PARENT = "PARENT"
    WARD = "WARD"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of the person; kept sealed."""

    name: str
    document_type: DocumentType
    document_number: str
    birth_date: date | None = None
    phone: str = ""


class Proof(StrEnum):
    """What shows that somebody may act for another. Its number is kept sealed until decided."""

    HOUSEHOLD_REGISTER = "HOUSEHOLD_REGISTER"
    BIRTH_CERTIFICATE = "BIRTH_CERTIFICATE"
    COURT_ORDER = "COURT_ORDER"
    POWER_OF_ATTORNEY = "POWER_OF_ATTORNEY"


class GuardianshipState(StrEnum):
    """Life of a guardianship. Only an ACTIVE one lets anybody do anything."""

    REQUESTED = "REQUESTED"
    AWAITING_CONSENT = "AWAITING_CONSENT"
    ACTIVE = "ACTIVE"
    REFUSED = "REFUSED"
    ENDED = "ENDED"
    EXPIRED = "EXPIRED"


OPEN_STATES = (
    GuardianshipState.REQUESTED,
    GuardianshipState.AWAITING_CONSENT,
    GuardianshipState.ACTIVE,
)
