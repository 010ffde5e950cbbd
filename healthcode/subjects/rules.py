"""What makes an identity sound, and what of a name may be shown. Pure."""

import re
from datetime import date
from typing import ClassVar

from config.kernel.errors import InvalidRequest
from healthcode.subjects.values import DocumentType, Identity

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_NUMBER = re.compile(r"[0-9A-Z]{4,32}", re.ASCII)
_ID_CARD = re.compile(r"\d{17}[\dX]", re.ASCII)


class DocumentInvalid(InvalidRequest):
    """The document's number cannot be right."""

    code: ClassVar[str] = "document_invalid"
    message: ClassVar[str] = "The document number is not valid for its type."


def normalised_number(number: str) -> str:
    """A document number without spaces and hyphens, in capitals."""
    return re.sub(r"[\s-]", "", number).upper()


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


def name_hint(name: str) -> str:
    """As much of a name as a guard needs to compare: the first character, then a star."""
    return f"{name.strip()[0]}*" if name.strip() else ""


def birth_hint(birth_date: date | None) -> str:
    """Month and day of birth (MMDD), or nothing. Never the year."""
    return f"{birth_date:%m%d}" if birth_date else ""


def canonical(identity: Identity) -> str:
    """What a pseudonym is made of: the document, never the name."""
    return f"{identity.document_type.value}|{identity.document_number}"
