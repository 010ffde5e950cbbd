"""Names of the methods that the real gateway has, so that a typing error is told apart.

The list holds what the requests of the official Python library, 3.7.1411, are called.
"""

import difflib
import functools
from pathlib import Path
from typing import Final

_ALIKE: Final = 0.8
_FILE: Final = Path(__file__).parent / "known_methods.txt"


@functools.cache
def known_methods() -> frozenset[str]:
    """All names, as they stand in `method`."""
    return frozenset(_FILE.read_text(encoding="ascii").split())


def nearest(name: str) -> str:
    """The name most like a mistyped one; "" where none is like it."""
    matches = difflib.get_close_matches(name, sorted(known_methods()), n=1, cutoff=_ALIKE)
    return matches[0] if matches else ""
