"""Whom a certificate is about: names and birth, in one form for all formats. Pure.

HC1 writes names twice, as they are and as a machine-readable zone spells them (ICAO 9303); a
SMART Health Card holds a FHIR Patient; an NZ pass a given and a family name.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from healthcode.codec.claims import Verified

_BIRTH = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
# What ICAO 9303 makes of letters that do not fall apart into a letter and an accent.
_SPELLED = {
    "Æ": "AE", "Ø": "OE", "Å": "AA", "Œ": "OE", "ß": "SS", "ẞ": "SS", "Þ": "TH", "Ð": "D",
    "Đ": "D", "Ł": "L", "Ħ": "H", "Ŋ": "N", "ı": "I", "İ": "I", "Ä": "AE", "Ö": "OE", "Ü": "UE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holder:
    """Names in every spelling that the certificate gives, and the birth as far as it says.

    Args:
        names: each a tuple of (family, given) as written; either may be empty.
        born: "", a year, a year and month, or a whole date.
    """

    names: frozenset[tuple[str, str]]
    born: str


def holder_of(verified: Verified) -> Holder:
    """Whom a certificate that holds is about; nothing where it does not say."""
    reader = {"HC1": _of_dcc, "SHC": _of_card, "NZCP": _of_pass}.get(verified.kind)
    return reader(verified.payload) if reader else Holder(frozenset(), "")


def is_born(holder: Holder, born: date | None) -> bool:
    """Whether a date of birth is the holder's, as far as the certificate says it."""
    return bool(holder.born) and born is not None and born.isoformat().startswith(holder.born)


def is_named(holder: Holder, spellings: Iterable[str]) -> bool:
    """Whether one of a person's spellings is one of the holder's names.

    Compared without accents, case, order, blanks and signs: "Zhang San" is "ZHANG<SAN", and
    "张三" is "张三". A certificate without a name names nobody.
    """
    theirs = {form for name in holder.names for form in _forms(" ".join(name))}
    return any(theirs & _forms(spelling) for spelling in spellings)


def _forms(name: str) -> set[tuple[str, ...]]:
    """A name as its words in order of the alphabet, spelled plainly and as ICAO 9303 does."""
    words = re.split(r"[\s<,.'’\-]+", unicodedata.normalize("NFC", name))
    plain = tuple(sorted(filter(None, (_plain(word) for word in words))))
    spelled = tuple(sorted(filter(None, (_plain(_icao(word)) for word in words))))
    # Chinese is written without a blank between family and given name.
    joined = ("".join(words),) if _is_han(words) else ()
    return {form for form in (plain, spelled, joined) if form}


def _is_han(words: list[str]) -> bool:
    letters = "".join(words)
    return bool(letters) and all("\u3400" <= letter <= "\u9fff" for letter in letters)


def _plain(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word.upper())
    bare = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return "".join(letter for letter in _icao(bare) if letter.isalnum())


def _icao(word: str) -> str:
    return "".join(_SPELLED.get(letter, letter) for letter in word.upper())


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _born(value: object) -> str:
    text = _text(value)[:10]
    return text if _BIRTH.fullmatch(text) else ""


def _of_dcc(payload: Mapping[str, Any]) -> Holder:
    names = payload.get("nam")
    facts = names if isinstance(names, dict) else {}
    spelled = [
        (_text(facts.get(family)), _text(facts.get(given)))
        for family, given in (("fn", "gn"), ("fnt", "gnt"))
    ]
    return Holder(frozenset(pair for pair in spelled if any(pair)), _born(payload.get("dob")))


def _of_pass(payload: Mapping[str, Any]) -> Holder:
    subject = _member(payload, "vc", "credentialSubject")
    pair = (_text(subject.get("familyName")), _text(subject.get("givenName")))
    return Holder(frozenset({pair} if any(pair) else ()), _born(subject.get("dob")))


def _of_card(payload: Mapping[str, Any]) -> Holder:
    bundle = _member(payload, "vc", "credentialSubject", "fhirBundle")
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        patient = _member(entry if isinstance(entry, dict) else {}, "resource")
        if patient.get("resourceType") == "Patient":
            return Holder(frozenset(_fhir_names(patient)), _born(patient.get("birthDate")))
    return Holder(frozenset(), "")


def _fhir_names(patient: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    names = patient.get("name")
    for name in names if isinstance(names, list) else []:
        if not isinstance(name, dict):
            continue
        given = name.get("given")
        parts = [_text(part) for part in given] if isinstance(given, list) else []
        pair = (_text(name.get("family")), " ".join(filter(None, parts)))
        yield pair if any(pair) else ("", _text(name.get("text")))


def _member(content: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """An object inside an object; an empty one where there is none."""
    found: Any = content
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}
