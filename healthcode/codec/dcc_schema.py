"""What of an EU certificate is not as its schema (1.3) and value sets say: warnings. Pure.

A good signature over odd content is still the issuer's word: verifiers are told to be
permissive, and issuers are known that write times without zone, or doses as text. So this stage
refuses nothing; what the content is worth as evidence is for the reader to say.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

COVID_19 = "840539006"
TEST_TYPES = frozenset({"LP6464-4", "LP217198-3"})
TEST_RESULTS = frozenset({"260415000", "260373001"})
PROPHYLAXES = frozenset(
    {"1119305005", "1119349007", "J07BX03", "1162643001", "1157024006", "29061000087103",
     "28531000087107", "30141000087107", "1187593009"}
)  # fmt: skip
MAX_TEXT = 80
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_BIRTH = re.compile(r"((19|20)\d\d(-\d\d){0,2})?", re.ASCII)
_LATIN = re.compile(r"[A-Z<]*", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{1,10}", re.ASCII)
Check = Callable[[object], bool]


def _text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT


def _is_like(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_one_of(codes: frozenset[str], value: object) -> bool:
    return isinstance(value, str) and value in codes


def _dose(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _day(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _time(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


_EVERY: dict[str, Check] = {
    "tg": partial(_is_one_of, frozenset({COVID_19})), "co": partial(_is_like, _COUNTRY),
    "is": _text, "ci": _text,
}  # fmt: skip
_GROUPS: dict[str, dict[str, Check]] = {
    "v": {
        **_EVERY, "vp": partial(_is_one_of, PROPHYLAXES), "mp": _text, "ma": _text, "dn": _dose,
        "sd": _dose, "dt": _day,
    },
    "t": {
        **_EVERY, "tt": partial(_is_one_of, TEST_TYPES), "tr": partial(_is_one_of, TEST_RESULTS),
        "sc": _time,
    },
    "r": {**_EVERY, "fr": _day, "df": _day, "du": _day},
}  # fmt: skip
_latin = partial(_is_like, _LATIN)
_NAMES: dict[str, Check] = {"fn": _text, "gn": _text, "fnt": _latin, "gnt": _latin}


def warnings(dcc: Mapping[str, Any]) -> tuple[str, ...]:
    """Paths of members that are missing or not as they should be, in order: `t.0.tg`."""
    return tuple(_warnings(dcc))


def _warnings(dcc: Mapping[str, Any]) -> Iterator[str]:
    if not _is_like(_VERSION, dcc.get("ver")):
        yield "ver"
    if not _is_like(_BIRTH, dcc.get("dob")):
        yield "dob"
    names = dcc.get("nam")
    if not isinstance(names, Mapping) or not {"fnt", "gnt"} & names.keys():
        yield "nam"
    else:
        yield from (f"nam.{name}" for name, fits in _NAMES.items() if _is_odd(names, name, fits))
    groups = [group for group in _GROUPS if dcc.get(group) is not None]
    if len(groups) != 1:
        yield "groups"
    for group in groups:
        yield from _of_rows(group, dcc[group])


def _is_odd(names: Mapping[str, Any], name: str, fits: Check) -> bool:
    return name in names and not fits(names[name])


def _of_rows(group: str, rows: object) -> Iterator[str]:
    if not isinstance(rows, list) or len(rows) != 1:
        yield group
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        members = row if isinstance(row, Mapping) else {}
        for name, fits in _GROUPS[group].items():
            if not fits(members.get(name)):
                yield f"{group}.{number}.{name}"
