"""What makes an identity sound, and what of a name may be shown. Pure."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from config.kernel.errors import Conflict, InvalidRequest, Refused
from healthcode.subjects.values import (
    OPEN_STATES,
    PROOF_STRENGTH,
    DocumentType,
    GuardianshipState,
    Identity,
    IdentityProof,
    Relation,
)

ZONE = ZoneInfo("Asia/Shanghai")
# Where a calendar day begins first.
FIRST_ZONE = ZoneInfo("Pacific/Kiritimati")
OF_AGE = 18
MAX_WARDS = 6
MAX_GUARDIANS = 4
LONGEST_GUARDIANSHIP = timedelta(days=731)
USUAL_GUARDIANSHIP = timedelta(days=365)
# What nobody has decided, or consented to, by then lapses.
DECIDED_WITHIN = timedelta(days=7)
# What is left of a guardianship that is over, for both to see, and then goes.
CLOSED_KEPT = timedelta(days=180)

# Categories of Unicode: blanks, dashes, controls and letters without a shape.
_BETWEEN = frozenset({"Zs", "Zl", "Zp", "Pd", "Cc", "Cf"})
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_NUMBER = re.compile(r"[0-9A-Z]{4,32}", re.ASCII)
_ID_CARD = re.compile(r"\d{17}[\dX]", re.ASCII)


def is_region(text: str) -> bool:
    """Whether a text is an area's code as GB/T 2260 writes it: six digits."""
    return re.fullmatch("[1-9][0-9]{5}", text) is not None


def local_day(moment: datetime, zone: ZoneInfo = ZONE) -> date:
    """The calendar day in a region's zone; China's regions share one, the programme's."""
    return moment.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo = ZONE) -> datetime:
    """When a calendar day begins in a region's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


class DocumentInvalid(InvalidRequest):
    """The document's number cannot be right."""

    code: ClassVar[str] = "document_invalid"
    message: ClassVar[str] = "The document number is not valid for its type."


def normalised_number(number: str) -> str:
    """A document number in capitals of plain width, without blanks, dashes and what nobody sees.

    However two people type it, it is one document.
    """
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(letter for letter in plain if unicodedata.category(letter) not in _BETWEEN)


def check_document(document_type: DocumentType, number: str) -> None:
    """Check a normalised number; a resident's card by its check character (GB 11643-1999).

    Raises:
        DocumentInvalid: it cannot be one of that type.
    """
    if document_type is DocumentType.ID_CARD:
        sound = bool(_ID_CARD.fullmatch(number)) and number[17] == _check_character(number)
    else:
        sound = bool(_NUMBER.fullmatch(number))
    if not sound:
        raise DocumentInvalid(field="identity.document_number")


def _check_character(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def is_stronger(proof: str | None, than: str) -> bool:
    """Whether one proof of identity outweighs another; any outweighs none."""
    return _strength(proof) > _strength(than)


def _strength(proof: str | None) -> int:
    return PROOF_STRENGTH[IdentityProof(proof)] if proof else 0


def name_hint(name: str) -> str:
    """As much of a name as a guard needs to compare: the first character, then a star."""
    return f"{name.strip()[0]}*" if name.strip() else ""


def birth_hint(birth_date: date | None) -> str:
    """Month and day of birth (MMDD), or nothing. Never the year."""
    return f"{birth_date:%m%d}" if birth_date else ""


def canonical(identity: Identity) -> str:
    """What a pseudonym is made of: the document, never the name."""
    return f"{identity.document_type.value}|{identity.document_number}"


class GuardianshipRefused(Refused):
    """A guardianship cannot be as it is asked for."""

    code: ClassVar[str] = "guardianship_refused"
    message: ClassVar[str] = "This guardianship cannot be: see `reason`."


class GuardianshipDecided(Conflict):
    """It has been decided, or it is over."""

    code: ClassVar[str] = "guardianship_decided"
    message: ClassVar[str] = "This guardianship has been decided already."


def comes_of_age(born: date) -> datetime:
    """The first moment at which a child is a child no more; 29 February counts as 1 March."""
    year = born.year + OF_AGE
    leap = (born.month, born.day) == (2, 29) and not _is_leap(year)
    month, day = (3, 1) if leap else (born.month, born.day)
    return datetime(year, month, day, tzinfo=ZONE)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def guardianship_end(
    *, relation: Relation, born: date | None, preferred_end: datetime | None, at: datetime
) -> datetime:
    """When a guardianship ends: as wanted, within two years, a child's at eighteen.

    Raises:
        GuardianshipRefused: it would be over already or last too long; or a child has no
            date of birth or is of age.
    """
    end = at + USUAL_GUARDIANSHIP if preferred_end is None else preferred_end
    if not at < end <= at + LONGEST_GUARDIANSHIP:
        raise GuardianshipRefused(field="valid_until", reason="length")
    if relation is not Relation.CHILD:
        return end
    if born is None:
        raise GuardianshipRefused(field="identity.birth_date", reason="birth_date_missing")
    if comes_of_age(born) <= at:
        raise GuardianshipRefused(field="relation", reason="of_age")
    return min(end, comes_of_age(born))


def check_numbers(*, wards: int, guardians: int) -> None:
    """Stop a guardian with too many wards, a person with too many guardians.

    Raises:
        GuardianshipRefused: one of them is.
    """
    if wards >= MAX_WARDS:
        raise GuardianshipRefused(reason="too_many_wards", limit=MAX_WARDS)
    if guardians >= MAX_GUARDIANS:
        raise GuardianshipRefused(reason="too_many_guardians", limit=MAX_GUARDIANS)


def check_requested(state: str) -> None:
    """Check that nobody has decided yet.

    Raises:
        GuardianshipDecided: somebody has.
    """
    if state != GuardianshipState.REQUESTED:
        raise GuardianshipDecided(state=state)


def is_open(state: str) -> bool:
    """Whether it may still be used or decided."""
    return state in OPEN_STATES
