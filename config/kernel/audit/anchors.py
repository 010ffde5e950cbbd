"""Anchors of the audit chain outside the database: signed roots, and its newest row.

Two files stand outside the database, in SAOMA_AUDIT_DIR. `roots` gets a signed line at
least each hour in which something was recorded; each line names the one before. `mark` is
the highest row committed, rewritten after every one. Whoever empties, cuts or turns back
the tables, with all their triggers off, does not reach these. A directory belongs to one
database: files are named after its address, and a new database of an old address needs
the old files moved away by hand.
"""

import fcntl
import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection

from config.kernel import keys

log = logging.getLogger(__name__)

GENESIS = "0" * 64
MARK = "mark"
_TAIL_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far the chain had come, and its hash there."""

    seq: int
    hash: str


def raise_mark(anchor: Anchor, *, name: str = MARK) -> None:
    """Write down that a row was committed; a lower one than the mark's changes nothing.

    Other chains than the audit log's keep marks under names of their own.
    A directory that cannot be written stops nothing: it is logged.
    """
    try:
        with _locked(name) as file:
            present = _mark_in(file.read(), name)
            if present is not None and present.seq >= anchor.seq:
                return
            text = f"{anchor.seq} {anchor.hash}"
            file.seek(0)
            file.truncate()
            file.write(f"{text} {_keyed(text, name)[0]}\n")
    except OSError as error:
        log.error("the audit mark was not written", extra={"error": str(error)})


def mark(name: str = MARK) -> Anchor | None:
    """The highest row committed; None where nothing was recorded yet.

    Raises:
        ValueError: the file was altered.
    """
    try:
        text = _path(name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    anchor = _mark_in(text, name)
    if text and anchor is None:
        raise ValueError(f"the {name} outside the database was altered")
    return anchor


def append_root(anchor: Anchor, *, at: datetime) -> None:
    """Sign where the chain stands and add it to the file; kept through a power cut."""
    with _locked("roots") as file:
        lines = file.read().splitlines()
        facts = {
            "at": at.isoformat(),
            "hash": anchor.hash,
            "prev": _digest(lines[-1]) if lines else GENESIS,
            "seq": anchor.seq,
        }
        line = json.dumps(
            {**facts, "signature": signing_key().sign(_text(facts)).hex()}, sort_keys=True
        )
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def roots() -> Iterator[Anchor]:
    """The signed roots, oldest first.

    Raises:
        ValueError: a line is no root, carries a wrong signature, or does not follow.
    """
    previous = GENESIS
    for number, line in enumerate(_lines(), start=1):
        try:
            facts = json.loads(line)
            signature = facts.pop("signature")
            anchor = Anchor(facts["seq"], facts["hash"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"line {number} of the roots outside was altered") from error
        if not is_signed(signature, _text(facts)):
            raise ValueError(f"line {number} of the roots outside was altered")
        if facts["prev"] != previous:
            raise ValueError(f"line {number} of the roots outside does not follow")
        previous = _digest(line)
        yield anchor


def last_seq() -> int:
    """The row of the newest signed root; 0 for none."""
    try:
        with _path("roots").open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
        return int(json.loads(lines[-1])["seq"]) if lines else 0
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _lines() -> list[str]:
    try:
        return _path("roots").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _mark_in(text: str, name: str) -> Anchor | None:
    parts = text.split()
    if len(parts) != 3 or parts[2] not in _keyed(" ".join(parts[:2]), name):
        return None
    return Anchor(int(parts[0]), parts[1])


@contextmanager
def _locked(kind: str) -> Iterator[IO[str]]:
    """A file opened for reading and appending, to this process alone."""
    path = _path(kind)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file


def _path(kind: str) -> Path:
    """One pair of files a database, whatever else uses the directory."""
    address: dict[str, Any] = connection.settings_dict
    names = [str(address.get(part) or "") for part in ("HOST", "PORT", "NAME")]
    return Path(settings.SAOMA_AUDIT_DIR) / f"{kind}-{_digest('|'.join(names))[:12]}"


def _text(facts: dict[str, Any]) -> bytes:
    body = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return f"saoma/audit-anchor/v1\n{body}".encode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _keyed(text: str, name: str) -> list[str]:
    """A text's digest for one file under each master key, newest first."""
    marks = _mark_keys(keys.ring(), b"" if name == MARK else name.encode())
    return [hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for key in marks]


@lru_cache(maxsize=8)
def _mark_keys(ring: tuple[str, ...], salt: bytes) -> list[bytes]:
    return keys.derive_from_ring("audit-mark", 32, salt=salt)


def signing_key() -> Ed25519PrivateKey:
    """The key of what is signed now: roots, outside and inside, and the seal."""
    return _signing_keys(keys.ring())[0]


def is_signed(signature: str, text: bytes) -> bool:
    """Whether a text was signed, in hex, under a master key of the ring."""
    for key in _signing_keys(keys.ring()):
        try:
            key.public_key().verify(bytes.fromhex(signature), text)
        except (InvalidSignature, ValueError, TypeError):
            continue
        return True
    return False


@lru_cache(maxsize=2)
def _signing_keys(ring: tuple[str, ...]) -> list[Ed25519PrivateKey]:
    derived = keys.derive_from_ring("audit-root", 32)
    return [Ed25519PrivateKey.from_private_bytes(key) for key in derived]
