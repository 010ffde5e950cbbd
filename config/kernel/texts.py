"""Texts that people will read: what may stand in them. Pure.

A name that runs backwards, holds a line break or nothing that can be seen deceives whoever
reads it: on a phone, in the operators' panel, on a printed slip. One rule for all of them.
"""

import unicodedata

# Overrides, embeddings, isolates and marks of direction: they make text read as another.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters that nobody sees. Joiners are wanted inside a word and between parts of an emoji.
_HIDDEN = frozenset(
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060\u2800\u3164\ufeff\uffa0"
)
_LINES = frozenset("\n\r\t")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})
_NEVER = frozenset({"Cc", "Cs", "Zl", "Zp"})


def fault(text: str, *, lines: bool = False) -> str | None:
    """Say what is wrong with a text that people will read; None where nothing is.

    An empty text, or one of spaces, has no fault: whether it may be empty is another rule.

    Args:
        text: as it came.
        lines: whether it may have several lines; tabs go with them.

    Returns:
        `control` (a control, no character, or half of one), `direction` (it would
        read backwards), `invisible` (a hidden letter, or nothing that can be seen).
    """
    if text.isascii() and text.isprintable():
        return None
    for letter in text:
        if letter in _DIRECTION:
            return "direction"
        if letter in _HIDDEN:
            return "invisible"
        if lines and letter in _LINES:
            continue
        if unicodedata.category(letter) in _NEVER or _is_no_character(letter):
            return "control"
    seen = any(unicodedata.category(letter) not in _UNSEEN for letter in text)
    return "invisible" if text.strip() and not seen else None


def _is_no_character(letter: str) -> bool:
    """Code points that Unicode promises never to assign."""
    number = ord(letter)
    return number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF
