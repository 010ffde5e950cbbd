"""Shows what a page would swallow."""

from typing import Final

from django import template
from django.utils.translation import gettext, pgettext

from merchants.diagnosis.translatable_text import TranslatableText

register = template.Library()

_SHOWN: Final = str.maketrans({"\n": "⏎", "\r": "␍", "\t": "⇥", "\x00": "␀"})


@register.filter
def visible(text: str) -> str:
    """The text with its line breaks and tabs as signs."""
    return text.translate(_SHOWN)


@register.filter
def in_words(state: str) -> str:
    """A state of a row in the reader's language."""
    return pgettext("state", state.capitalize())


@register.filter
def finding(text: str) -> str:
    """A finding of an explanation in the reader's language."""
    if isinstance(text, TranslatableText):
        return gettext(text.template).format(**text.values)
    translated = gettext(text)
    if translated != text:
        return translated
    # A refusal as a finding: its code stays, its sentence stands in the catalogue by itself.
    code, joint, sentence = text.partition(": ")
    return code + joint + gettext(sentence) if sentence else text
