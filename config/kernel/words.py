"""Labels, values and states' codes in the reader's language."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from django.utils.html import escape
from django.utils.translation import get_language, gettext, pgettext

from config.kernel import composed

# What the texts are written in.
SOURCE_LANGUAGE: Final = "en"
_NAMES: Final[defaultdict[str, dict[str, str]]] = defaultdict(dict)


def name_codes(names: Mapping[str, str], language: str = SOURCE_LANGUAGE) -> None:
    """Say what codes are called in a language, by its two letters.

    For codes that are no words: what a slice writes in words needs no other name. What is
    said in English alone the catalogues have by the code; where they have a word, it counts.
    """
    _NAMES[language].update(names)


def _english(code: str) -> str:
    """A code's English name; itself where nobody reads, as migrations have choices by code."""
    return code if get_language() is None else _NAMES[SOURCE_LANGUAGE].get(code, code)


def _translated(text: str) -> str:
    """A catalogue's word for a text, or else what a slice calls the code that it is."""
    word = gettext(text)
    if word != text:
        return word
    return _NAMES[(get_language() or SOURCE_LANGUAGE)[:2]].get(text, text)


def in_words(text: object) -> str:
    """A text in the reader's language, part by part where it is put together."""
    if not text:
        return ""
    if (get_language() or SOURCE_LANGUAGE).startswith(SOURCE_LANGUAGE):
        return composed.translated(str(text), _english)
    return composed.translated(str(text), _translated)


def code_in_words(code: str, of: str = "") -> str:
    """A code of a state, a kind or another choice in the reader's language.

    Catalogues have codes in capitals, those that are other words elsewhere in the context
    `choice`, those that are another word of one column in `choice of` its name: DEBIT is a
    side of the books, and a way to pay. One that no catalogue has stays as it is.
    """
    if (get_language() or SOURCE_LANGUAGE).startswith(SOURCE_LANGUAGE):
        return _english(code)
    name = code.upper().replace(" ", "_")
    for text in (pgettext(f"choice of {of}", name), pgettext("choice", name), in_words(name)):
        if text != name:
            return text
    return in_words(code)


def in_reader_language(texts: Mapping[str, str]) -> str:
    """A text that is kept in several languages; English where it lacks the reader's."""
    return texts.get((get_language() or SOURCE_LANGUAGE)[:2], texts[SOURCE_LANGUAGE])


def field_in_words(label: str) -> str:
    """What a page calls one of its columns, parts or lines, in the reader's language.

    A column's word is one word wherever tables have it: catalogues keep it in the context
    `field`, so that it may be another word than the same letters elsewhere.
    """
    word = pgettext("field", label)
    return gettext(label) if word == label else word


class Code(str):
    """A state's code: compared as what it is, shown in the reader's language."""

    __slots__ = ()

    def __str__(self) -> str:
        return code_in_words(str.__str__(self))

    def __html__(self) -> str:
        return escape(str(self))
