"""JSON in, with numbers and names taken at their word: the one place that reads it. Pure."""

import json
import math
from typing import Any

MAX_DEPTH = 32


def read_json(data: bytes | str, *, max_depth: int = MAX_DEPTH) -> Any:
    """Read JSON in UTF-8 and refuse what would be silently corrected later.

    A byte order mark, another encoding, a name given twice, NaN and infinities, a whole number
    of thousands of digits, NUL in a text, lone surrogates, too deep nesting: each is refused
    instead of a guess, or an error where the value is written again.

    Raises:
        ValueError: it is no such JSON; the text says why.
    """
    text = data.decode("utf-8") if isinstance(data, bytes) else data
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite
        )
        _check(value, room=max_depth)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("an object names a key twice")
    return members


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _check(value: Any, *, room: int) -> None:
    if room < 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a text holds NUL")
        value.encode("utf-8")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, room=room - 1)
            _check(item, room=room - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, room=room - 1)
