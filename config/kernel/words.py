"""Labels, values and states' codes in the reader's language."""

from typing import Final

from django.utils.html import escape
from django.utils.translation import get_language, gettext, pgettext

from config.kernel import composed

# What the texts are written in.
SOURCE_LANGUAGE: Final = "en"


def in_words(text: object) -> str:
    """A text in the reader's language, part by part where it is put together."""
    if not text:
        return ""
    if (get_language() or SOURCE_LANGUAGE).startswith(SOURCE_LANGUAGE):
        return str(text)
    return composed.translated(str(text), gettext)


def code_in_words(code: str) -> str:
    """A code of a state, a kind or another choice in the reader's language.

    Catalogues have codes in capitals, those that are other words elsewhere in the context
    `choice`; one that no catalogue has stays as it is.
    """
    if (get_language() or SOURCE_LANGUAGE).startswith(SOURCE_LANGUAGE):
        return code
    name = code.upper().replace(" ", "_")
    for text in (pgettext("choice", name), in_words(name)):
        if text != name:
            return text
    return in_words(code)


class Code(str):
    """A state's code: compared as what it is, shown in the reader's language."""

    __slots__ = ()

    def __str__(self) -> str:
        return code_in_words(str.__str__(self))

    def __html__(self) -> str:
        return escape(str(self))
