"""A finding in words that still knows the sentence it was made of, so that a page can translate it.

Pure.
"""

from typing import Self


class TranslatableText(str):
    """A sentence with its values filled in; for programs it is the English text."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, object]

    @classmethod
    def of(cls, template: str, **values: object) -> Self:
        """Fill a sentence in."""
        finding = cls(template.format(**values))
        finding.template, finding.values = template, values
        return finding
