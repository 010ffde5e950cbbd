"""A payment's short number and colour: the same wherever the payment is seen.

Both follow from its 28-digit number, so that a page, a script and a print need to ask nobody;
`static/lab/js/tag.js` does the same.
"""

import re

COLOURS = 10
_DIGITS = 4
_NUMBER = re.compile(r"\d{8}22\d{18}")


def is_number(text: str) -> bool:
    """Whether a text is the number of a payment: a date, 22, and eighteen digits."""
    return _NUMBER.fullmatch(text) is not None


def short(number: str) -> str:
    """The short number: the last four digits."""
    return f"#{number[-_DIGITS:]}"


def colour(number: str) -> int:
    """Which of the COLOURS colours it has."""
    return int(number[-_DIGITS:]) % COLOURS
