"""JSON from strangers, read in one way at every door.

A body that Python's own reader takes can still be one that no two programs read alike or
that no table holds. Here each such body is one kind of failure: `MalformedJson`, which the
door words as its protocol does. `tests/contracts/test_json_doors.py` lists who else may
call `json.loads`, and on what.
"""

import json
import math
import re
from typing import Any, Final

MAX_DEPTH: Final = 32
_LARGEST: Final = 2**63 - 1
_BOM: Final = "\ufeff"
_LONE_HALF: Final = re.compile("[\ud800-\udfff]")


class MalformedJson(ValueError):
    """The text is no JSON, or JSON whose meaning depends on its reader."""


def read_json(
    source: bytes | str, *, numbers_as_text: bool = False, max_depth: int = MAX_DEPTH
) -> Any:
    """Read JSON from outside; refuse what would be guessed at or corrected later.

    Refused are: bytes that are not UTF-8, a byte order mark, a name given twice in one
    object, NaN and infinities, whole numbers beyond 64 bits, floats too large to be one,
    NUL and lone surrogates in texts and names, nesting deeper than `max_depth`.

    Args:
        source: the whole text; bytes are UTF-8.
        numbers_as_text: give every number as the text it was written in, so that an amount
            never becomes a float; its size is then the reader's business.
        max_depth: how many objects and lists may stand inside each other.

    Raises:
        MalformedJson: with the reason in words.
    """
    try:
        text = source.decode("utf-8") if isinstance(source, bytes) else source
        if text.startswith(_BOM):
            raise MalformedJson("it begins with a byte order mark")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=str if numbers_as_text else _finite,
            parse_int=str if numbers_as_text else _whole,
        )
    except RecursionError as error:
        raise MalformedJson("it is nested too deeply") from error
    except MalformedJson:
        raise
    except ValueError as error:
        raise MalformedJson(str(error)) from error
    # Only an escape can bring in a letter that is none, and only brackets can nest: most
    # bodies need not be walked over again.
    if "\\u" in text or text.count("[") + text.count("{") > max_depth:
        _check(value, max_depth)
    return value


class StrictDecoder(json.JSONDecoder):
    """`read_json` for whoever takes a decoder: fields of forms."""

    def decode(self, s: str, _w: object = None) -> Any:
        """Read the whole text.

        Raises:
            json.JSONDecodeError: it is malformed.
        """
        try:
            return read_json(s)
        except MalformedJson as error:
            raise json.JSONDecodeError(str(error), s, 0) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedJson("an object names a key twice")
    return members


def _no_constant(name: str) -> Any:
    raise MalformedJson(f"{name} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise MalformedJson("a number is too large")
    return value


def _whole(text: str) -> int:
    # The length first: reading thousands of digits is work that nobody asked for.
    if len(text) > len(str(-_LARGEST)) or abs(int(text)) > _LARGEST:
        raise MalformedJson("a number is too large")
    return int(text)


def _check(value: Any, room: int) -> None:
    if room < 0:
        raise MalformedJson("it is nested too deeply")
    if isinstance(value, str):
        if "\x00" in value:
            raise MalformedJson("a text holds NUL")
        if _LONE_HALF.search(value):
            raise MalformedJson("a text holds half of a surrogate pair")
    elif isinstance(value, dict):
        for name, member in value.items():
            _check(name, room - 1)
            _check(member, room - 1)
    elif isinstance(value, list):
        for member in value:
            _check(member, room - 1)
