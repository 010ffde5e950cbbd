"""Labels, values and states' codes in the reader's language."""

from typing import Final

from django.utils.html import escape
from django.utils.translation import get_language, gettext

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


class Code(str):
    """A state's code: compared as what it is, shown in the reader's language."""

    __slots__ = ()

    def __str__(self) -> str:
        return in_words(str.__str__(self))

    def __html__(self) -> str:
        return escape(str(self))
