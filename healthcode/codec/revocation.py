"""Revocation lists of certificates: the EU's batches (HC1) and the issuers' CRLs (SHC). Pure.

An EU batch names a country, a key, a kind of hash and hashes of 128 bits: of the certificate's
identifier, of country and identifier, or of its signature (of ECDSA the first half, r: the
second can be changed by anybody). A card's CRL names a key and random ids, each perhaps with a
moment before which cards were issued that it means.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from config.kernel.errors import InvalidRequest
from config.kernel.strict_json import read_json

HASH_BYTES = 16
MAX_ENTRIES = 10_000
ANY_KEY = "UNKNOWN_KID"
_PSS = frozenset({-37, -38, -39})
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_RID = re.compile(r"([A-Za-z0-9_-]{1,24})(?:\.([0-9]{1,12}))?", re.ASCII)
_GROUPS = ("v", "t", "r")


class HashType(StrEnum):
    """What of a certificate is hashed."""

    UCI = "UCI"
    COUNTRYCODEUCI = "COUNTRYCODEUCI"
    SIGNATURE = "SIGNATURE"


class RevocationListMalformed(InvalidRequest):
    """A list of revoked certificates that cannot be read."""

    code: ClassVar[str] = "revocation_list_malformed"
    message: ClassVar[str] = "This is no list of revoked certificates."


@dataclass(frozen=True, slots=True)
class Batch:
    """Certificates of one country and key that are good no more, until the batch ends.

    `kid` is base64 as in the batch, or ANY_KEY; `entries` are base64 of 16 bytes.
    """

    country: str
    kid: str
    hash_type: HashType
    expires_at: datetime
    entries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Crl:
    """Ids of cards of one key that are good no more: for each the end of what it means, or None.

    A list of a smaller counter is an older one.
    """

    kid: str
    counter: int
    rids: Mapping[str, int | None]


def _hashed(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()[:HASH_BYTES]).decode()


def fingerprints(
    *, dcc: Mapping[str, Any], issuer: str, alg: object, signature: bytes
) -> frozenset[tuple[str, str]]:
    """Everything under which a certificate may be revoked: pairs of kind and hash."""
    part = signature if alg in _PSS else signature[: len(signature) // 2]
    pairs = {(HashType.SIGNATURE.value, _hashed(part))}
    for row in _rows(dcc):
        uci = row.get("ci")
        if isinstance(uci, str) and uci:
            pairs.add((HashType.UCI.value, uci_hash(uci)))
            for country in {issuer, row.get("co")}:
                if isinstance(country, str) and country:
                    pairs.add((HashType.COUNTRYCODEUCI.value, country_uci(country, uci)))
    return frozenset(pairs)


def uci_hash(uci: str) -> str:
    """The hash of an identifier, as a batch writes it."""
    return _hashed(uci.encode())


def country_uci(country: str, uci: str) -> str:
    """The hash of a country and an identifier, as a batch writes it."""
    return _hashed((country + uci).encode())


def _rows(dcc: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for group in _GROUPS:
        rows = dcc.get(group)
        listed = rows if isinstance(rows, list) else []
        yield from (row for row in listed if isinstance(row, dict))


def read_batch(data: bytes | str) -> Batch:
    """Read a batch as the gateway hands it out.

    Raises:
        RevocationListMalformed: naming the member.
    """
    content = _object(data)
    country, kid, expires = (content.get(name) for name in ("country", "kid", "expires"))
    entries = content.get("entries")
    if not isinstance(country, str) or not _COUNTRY.fullmatch(country):
        raise RevocationListMalformed(field="country")
    if not isinstance(kid, str) or not (kid == ANY_KEY or _is_base64(kid, 8)):
        raise RevocationListMalformed(field="kid")
    if content.get("hashType") not in [kind.value for kind in HashType]:
        raise RevocationListMalformed(field="hashType")
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_ENTRIES:
        raise RevocationListMalformed(field="entries")
    hashes = [entry.get("hash") if isinstance(entry, dict) else None for entry in entries]
    if not all(isinstance(text, str) and _is_base64(text, HASH_BYTES) for text in hashes):
        raise RevocationListMalformed(field="entries")
    return Batch(
        country, kid, HashType(content["hashType"]), _moment(expires), frozenset(map(str, hashes))
    )


def write_batch(batch: Batch) -> str:
    """Write a batch as the gateway takes it."""
    expires = batch.expires_at.astimezone(UTC).isoformat(timespec="seconds")
    return json.dumps(
        {
            "country": batch.country,
            "expires": expires,
            "kid": batch.kid,
            "hashType": batch.hash_type.value,
            "entries": [{"hash": text} for text in sorted(batch.entries)],
        },
        separators=(",", ":"),
    )


def read_crl(data: bytes | str) -> Crl:
    """Read an issuer's list of revoked SMART Health Cards (`/.well-known/crl/<kid>.json`).

    Raises:
        RevocationListMalformed: naming the member.
    """
    content = _object(data)
    kid, counter, rids = (content.get(name) for name in ("kid", "ctr", "rids"))
    if not isinstance(kid, str) or not kid:
        raise RevocationListMalformed(field="kid")
    if content.get("method") != "rid":
        raise RevocationListMalformed(field="method")
    if isinstance(counter, bool) or not isinstance(counter, int) or counter < 1:
        raise RevocationListMalformed(field="ctr")
    if not isinstance(rids, list) or len(rids) > MAX_ENTRIES:
        raise RevocationListMalformed(field="rids")
    ends: dict[str, int | None] = {}
    for text in rids:
        match = _RID.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise RevocationListMalformed(field="rids")
        before = int(match[2]) if match[2] else None
        earlier = ends.get(match[1], 0)
        ends[match[1]] = None if before is None or earlier is None else max(before, earlier)
    return Crl(kid, counter, ends)


def is_listed(crl: Crl, *, kid: str, payload: Mapping[str, Any]) -> bool:
    """Whether a card of that key is revoked by a list: by its id, if issued before the moment."""
    credential = payload.get("vc")
    rid = credential.get("rid") if isinstance(credential, Mapping) else None
    if crl.kid != kid or not isinstance(rid, str) or rid not in crl.rids:
        return False
    before, issued = crl.rids[rid], payload.get("nbf")
    return before is None or not isinstance(issued, int | float) or issued < before


def _object(data: bytes | str) -> dict[str, Any]:
    try:
        content = read_json(data)
    except ValueError as error:
        raise RevocationListMalformed(reason=str(error)) from error
    if not isinstance(content, dict):
        raise RevocationListMalformed()
    return content


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise RevocationListMalformed(field="expires")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_base64(text: str, size: int) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == size
    except (binascii.Error, ValueError):
        return False
