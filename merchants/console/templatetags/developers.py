"""Shows what a page would swallow."""

from typing import Final

from django import template

register = template.Library()

_SHOWN: Final = str.maketrans({"\n": "⏎", "\r": "␍", "\t": "⇥", "\x00": "␀"})


@register.filter
def visible(text: str) -> str:
    """The text with its line breaks and tabs as signs."""
    return text.translate(_SHOWN)
