"""The lists for verifiers that work offline: signed, with an end of their own."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from healthcode.codec.cose import es256_signer
from healthcode.codec.jws import encoded
from healthcode.codec.keys import from_certificate
from healthcode.codec.revocation import MAX_ENTRIES, Batch, HashType, uci_hash, write_batch
from healthcode.passes import dcc, queries
from healthcode.passes.rules import PASS_LIFE
from healthcode.passes.usecases.export_certificate import LIFE, withdrawn
from healthcode.passes.usecases.rotate_root_key import ensure_root, signed
from healthcode.passes.usecases.rotate_signing_key import certified_signing_key, ensure_signing_key
from healthcode.rules import publication

TRUST_LIFE = timedelta(hours=24)
DENY_LIFE = timedelta(hours=1)


def trust_list(*, at: datetime) -> dict[str, Any]:
    """The keys to believe and the rule sets that count, signed by the root as a JWS (ES256).

    `roots` is the chain from the first root on: each vouches for the next, so that a verifier
    trusts a list only by a root that it holds, or that follows from one.
    """
    ensure_signing_key()
    root = ensure_root()
    content = {
        "version": int(at.timestamp() * 1000),
        "issuer": settings.SAOMA_HEALTH_ISSUER,
        "issued_at": at.isoformat(),
        "expires_at": (at + TRUST_LIFE).isoformat(),
        "keys": queries.trusted_jwks(),
        "rule_sets": publication.accepted(at=at, within=PASS_LIFE),
        "show_skew_s": 90,
        "regions": queries.regions(at=at),
        "roots": queries.roots(),
    }
    return {**content, "jws": signed(content, key=root)}


def deny_list(*, at: datetime) -> dict[str, Any]:
    """SHA-256 hashes of the ids of revoked passes that have not ended.

    Signed by the key of passes, which the trust list names.
    """
    ensure_signing_key()
    content = {
        "version": int(at.timestamp() * 1000),
        "issuer": settings.SAOMA_HEALTH_ISSUER,
        "issued_at": at.isoformat(),
        "expires_at": (at + DENY_LIFE).isoformat(),
        "cti_sha256": queries.denied(at=at),
    }
    return _signed(content)


def revocation_batches(*, at: datetime) -> list[str]:
    """Our own certificates that are good no more, as batches for the EU's gateway.

    Whatever evidence was taken back is named while a certificate of it could still be shown:
    by its identifier, hashed, whether or not somebody had it certified. Nothing in it tells
    whose it was. Each batch is the text that issuers sign and upload.
    """
    signer = from_certificate(certified_signing_key().certificate)
    rows = withdrawn(since=at - LIFE).values_list("id", flat=True)
    hashes = sorted(uci_hash(dcc.identifier(evidence_id)) for evidence_id in rows)
    return [
        write_batch(
            Batch(
                country=dcc.COUNTRY,
                kid=base64.b64encode(signer.kid).decode(),
                hash_type=HashType.UCI,
                expires_at=at + LIFE,
                entries=frozenset(hashes[first : first + MAX_ENTRIES]),
            )
        )
        for first in range(0, len(hashes), MAX_ENTRIES)
    ]


def _signed(content: dict[str, Any]) -> dict[str, Any]:
    """The content beside a compact JWS of it: readers may check either way."""
    key = queries.active_key()
    header = {"alg": "ES256", "kid": key.public_jwk["kid"], "typ": "JWT"}
    parts = [encoded(json.dumps(part, sort_keys=True).encode()) for part in (header, content)]
    signature = es256_signer(queries.private_key(key))(".".join(parts).encode())
    return {**content, "jws": ".".join([*parts, encoded(signature)])}
