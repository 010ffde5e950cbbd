"""International bank account numbers and creditor references: the checks both share.

ISO 7064 mod 97-10: move the first four characters to the end, read letters as 10-35,
and the whole must leave 1. Source: ISO 13616 (IBAN), ISO 11649 (RF references).
"""

import re

IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
CREDITOR_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
QR_IIDS = range(30000, 32000)
MOD10_TABLE = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def is_iban(text: str) -> bool:
    """Tell whether a text, written without spaces, is an IBAN with right check digits."""
    return bool(IBAN.fullmatch(text)) and leaves_one(text)


def is_creditor_reference(text: str) -> bool:
    """Tell whether a text is an ISO 11649 reference with right check digits."""
    return bool(CREDITOR_REFERENCE.fullmatch(text)) and leaves_one(text)


def is_qr_iban(iban: str) -> bool:
    """Tell whether a Swiss IBAN's institution (IID 30000-31999) is one for QR references."""
    return iban[4:9].isdigit() and int(iban[4:9]) in QR_IIDS


def is_qr_reference(text: str) -> bool:
    """Tell whether a text is 27 digits whose last is the recursive modulo-10 check."""
    if not re.fullmatch(r"[0-9]{27}", text):
        return False
    carry = 0
    for digit in text[:-1]:
        carry = MOD10_TABLE[(carry + int(digit)) % 10]
    return (10 - carry) % 10 == int(text[-1])


def leaves_one(text: str) -> bool:
    """Run the mod 97-10 check on upper-case letters and digits."""
    turned = text[4:] + text[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
