"""Whether a certificate is about a person: name and date of birth. Pure.

Dates are compared as far as the certificate writes them. Names are compared in A to Z, as
ICAO 9303 spells them; a name in Chinese characters alone by how these are read, or by the
characters where the certificate has them too.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from healthcode.codec.claims import Verified
from healthcode.passes.dcc import spelled
from healthcode.passes.pinyin import is_spelled

# A year, a month or a day as ISO 8601 writes it.
_DATE_LENGTHS = frozenset({4, 7, 10})
# A Chinese family name has one character, or two.
_FAMILY_LENGTHS = (1, 2)


@dataclass(frozen=True, slots=True)
class Named:
    """The person a certificate names; whatever it does not say is empty.

    Args:
        family, given: in A to Z, parts apart by `<`.
        written: the name in its own script.
        born: an ISO date, or the year or month of one.
    """

    family: str
    given: str
    written: str
    born: str


def named_by(certificate: Verified) -> Named | None:
    """Whom a verified certificate names; None where it names nobody at all."""
    if certificate.kind == "HC1":
        names = certificate.payload.get("nam")
        nam: Mapping[str, Any] = names if isinstance(names, Mapping) else {}
        return Named(
            family=_text(nam, "fnt") or spelled(_text(nam, "fn")),
            given=_text(nam, "gnt") or spelled(_text(nam, "gn")),
            written=_text(nam, "fn") + _text(nam, "gn"),
            born=str(certificate.payload.get("dob", ""))[:10],
        )
    credential = _mapping(certificate.payload.get("vc"), "credentialSubject")
    if certificate.kind == "NZCP":
        family, given_names = _text(credential, "familyName"), _text(credential, "givenName")
        return Named(
            spelled(family), spelled(given_names), family + given_names, _text(credential, "dob")
        )
    return _patient(credential)


def _patient(credential: Mapping[str, Any]) -> Named | None:
    """The patient of a SMART Health Card's bundle."""
    entries = _mapping(credential, "fhirBundle").get("entry")
    for entry in entries if isinstance(entries, list) else []:
        resource = _mapping(entry, "resource")
        if resource.get("resourceType") != "Patient":
            continue
        names = resource.get("name")
        first = names[0] if isinstance(names, list) and names else {}
        name: Mapping[str, Any] = first if isinstance(first, Mapping) else {}
        given_names = name.get("given")
        rest = " ".join(str(part) for part in given_names) if isinstance(given_names, list) else ""
        family = _text(name, "family")
        return Named(spelled(family), spelled(rest), family + rest, _text(resource, "birthDate"))
    return None


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    member = value.get(name) if isinstance(value, Mapping) else None
    return member if isinstance(member, Mapping) else {}


def _text(values: Mapping[str, Any], name: str) -> str:
    text = values.get(name)
    return text.strip() if isinstance(text, str) else ""


def is_about(holder: Named, *, name: str, birth_date: date | None) -> bool:
    """Whether a person of that name, born on that day, is the one who is named."""
    if birth_date is None or len(holder.born) not in _DATE_LENGTHS:
        return False
    return birth_date.isoformat().startswith(holder.born) and _is_named(holder, name)


def _is_named(holder: Named, name: str) -> bool:
    own = {part for part in spelled(name).split("<") if part}
    if own:
        family, given_names = (_parts(text) for text in (holder.family, holder.given))
        rest = own - family
        # Either may leave given names out; siblings share some and differ in others.
        alike = not given_names or given_names <= own or (bool(rest) and rest <= given_names)
        return bool(family | given_names) and family <= own and alike
    if holder.written and _characters(holder.written):
        return _characters(holder.written) == _characters(name)
    return _is_read_as(_characters(name), holder)


def _is_read_as(characters: str, holder: Named) -> bool:
    """Whether a name in Chinese characters is read as the letters of a certificate.

    One that leaves out the given names says less, and does not say another name. Of given
    names the first are the Chinese ones.
    """
    family, given_names = holder.family.replace("<", ""), holder.given.split("<")
    rests = (
        ["".join(given_names[:count]) for count in range(1, len(given_names) + 1)]
        if holder.given
        else []
    )
    for length in _FAMILY_LENGTHS:
        if not is_spelled(characters[:length], family):
            continue
        if not rests or any(is_spelled(characters[length:], rest) for rest in rests):
            return True
    return False


def _parts(text: str) -> set[str]:
    return {part for part in text.split("<") if part}


def _characters(name: str) -> str:
    """The Chinese characters of a name, the rare ones of later planes included."""
    return "".join(letter for letter in name if unicodedata.name(letter, "").startswith("CJK "))
