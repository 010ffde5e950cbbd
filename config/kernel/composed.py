"""Texts that are put together of parts, as a catalogue can translate them. Pure.

Slices write "24 hours from its approval"; requests and the audit log keep it so. Where it is
shown to somebody who reads another language, the template it was made by is looked up here,
translated, and its parts, each in words too, are put in again. A text that no template fits
stays as it is.
"""

import re
from collections.abc import Callable
from functools import lru_cache

# Kinds of parts: number, moment, money, code of a state, word, hexadecimal; any, without one.
KINDS = {
    "n": r"-?\d[\d,.]*",
    "d": r"\d[\d:. -]*(?: ?[A-Z]{3,4})?",
    "m": r"-?[\d,.]+[\u00a0 ][A-Z]{3}",
    "c": r"[A-Z][A-Z_]+",
    "w": r"\w+",
    "h": r"[0-9a-f]+",
    "": r".+?",
}
TEMPLATES = (
    "{0} → {1}",
    "{0:n} hours from its approval",
    "{0:n} days from its approval",
    "of the last {0:n} hours",
    "{0:n} hours",
    "{0:n} days",
    "{0:n} minutes",
    "{0:n} lines",
    "{0:n} minor units",
    "{0:n}, refunds {1:n}",
    "{0:n}, the last counts",
    "{0:m} at most",
    "at most {0:n}",
    "{0:d} at the latest",
    "{0:d} to {1:d}",
    "of {0:d}",
    "{0}, {1:d} to {2:d}",
    "{0:c} to {1:c}",
    "{0:c} {1:d}",
    "{0:c}, by a final positive",
    "{0:c}, decision {1:n}",
    "{0:c}: {1:n} hours",
    "{0} ({1:c})",
    "now {0:c}",
    "their {0:c}",
    "is {0:c} here",
    "person {0:h}",
    "contact {0:n}",
    "of {0:n} people: {1}",
    "books of {0:d}",
    "payouts of days from {0:d}",
    "fee of {0} from {1:d}",
    "{0:n} bp + {1:n}, at least {2:n}, {3}, {4}",
    "T+{0:n} ({1}), {2}, from {3:n}, reserve {4:n} bp for {5:n} days",
    "category {0:n}, {1}, {2}",
    "type {0:n}, ending in {1}",
    "{0}, born {1:n}, region {2}",
    "{0}, year of birth unknown, region {1}",
    "application of {0}, {1:d}",
    "{0:w} of {1:d}, from {2}",
    "{0:w} {1:w}, {2:d}",
    "{0:w} of the authority",
    "{0:w} of {1:d}",
    "report {0} from {1}",
    "{0}, a new one",
    "is decided anew by {0}",
    "stays: no rule of {0} looks at this",
    "is told, gets evidence {0:w} (never red), and is forgotten after {1:n} days",
    "the limits of tier {0:n} hold again; no balance changes",
    "the pending money of {0}; shares are taken back in proportion",
    "credit payable to {0}",
    "credit receivable from {0}",
    "credit {0}",
    "debit {0}",
    "payable to {0}",
    "rule {0}",
    "operator:{0}",
)
_PART = re.compile(r"\{(\d)(?::(\w))?\}")


def _pattern(template: str) -> re.Pattern[str]:
    literal, expression = 0, ""
    for part in _PART.finditer(template):
        expression += re.escape(template[literal : part.start()])
        expression += f"({KINDS[part[2] or '']})"
        literal = part.end()
    return re.compile(expression + re.escape(template[literal:]), re.DOTALL)


def message_of(template: str) -> str:
    """A template as catalogues have it: "{0} hours from its approval"."""
    return _PART.sub(r"{\1}", template)


_PATTERNS = tuple((message_of(template), _pattern(template)) for template in TEMPLATES)


@lru_cache(maxsize=1024)
def parts_of(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The template that a text was made by, and its parts; None where none fits."""
    for message, pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match is not None:
            return message, match.groups()
    return None


def translated(text: str, look_up: Callable[[str], str]) -> str:
    """A text in the language of `look_up`, part by part where it is put together.

    A list between commas is translated where every part of it is known.
    """
    whole = look_up(text)
    if whole != text:
        return whole
    composed = parts_of(text)
    if composed is not None:
        message, parts = composed
        return look_up(message).format(*(translated(part, look_up) for part in parts))
    listed = text.split(", ")
    words = [look_up(part) for part in listed]
    is_list = len(listed) > 1 and all(
        word != part for word, part in zip(words, listed, strict=True)
    )
    return ", ".join(words) if is_list else text
