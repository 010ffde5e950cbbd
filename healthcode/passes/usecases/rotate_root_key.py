"""Make and rotate the root: the key that signs trust lists."""

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from config.kernel import clock, keys, transactions
from config.kernel.audit import chain
from healthcode.codec.cose import es256_signer
from healthcode.codec.jws import encoded
from healthcode.codec.keys import to_jwk
from healthcode.decisions.usecases.claim_keys import OWN, claim_keys
from healthcode.passes.models import RootKey
from healthcode.passes.queries import private_key
from healthcode.passes.values import KEY_SEAL, KeyState
from healthcode.subjects.programme import require_running

ENDORSES = "saoma-root"


def signed(content: dict[str, Any], *, key: RootKey, kind: str = "JWT") -> str:
    """A compact JWS (ES256) of some content by a root."""
    header = {"alg": "ES256", "kid": key.kid, "typ": kind}
    parts = [encoded(json.dumps(part, sort_keys=True).encode()) for part in (header, content)]
    signature = es256_signer(private_key(key))(".".join(parts).encode())
    return ".".join([*parts, encoded(signature)])


@transactions.atomic_retry
def ensure_root() -> RootKey:
    """The root in force; made if there is none.

    Raises:
        ProgrammeEnded: nothing is signed any more.
    """
    root = RootKey.objects.filter(state=KeyState.ACTIVE).first()
    return root or _make(*_pair(), endorsement="")


@transactions.atomic_retry
def rotate_root(*, actor: str) -> RootKey:
    """Put a new root in force, vouched for by the one before, which signs nothing more.

    Locks: the root in force.
    """
    former = RootKey.objects.select_for_update().filter(state=KeyState.ACTIVE).first()
    private, jwk = _pair()
    endorsement = "" if former is None else _endorse(former, jwk)
    if former is not None:
        former.state, former.retired_at = KeyState.DESTROYED, clock.now()
        former.sealed_private_key = None
        former.save(update_fields=["state", "retired_at", "sealed_private_key"])
    root = _make(private, jwk, endorsement)
    chain.record(
        action="health.rotate_root", actor=actor, target=f"root:{root.kid}",
        before={"kid": former.kid if former else ""},
    )  # fmt: skip
    return root


def _pair() -> tuple[ec.EllipticCurvePrivateKey, dict[str, str]]:
    private = ec.generate_private_key(ec.SECP256R1())
    return private, to_jwk(private.public_key())


def _endorse(former: RootKey, jwk: dict[str, str]) -> str:
    """What a root says for the next: a statement that is no list, and of which no list is one."""
    statement = {"use": ENDORSES, "key": jwk, "since": clock.now().isoformat()}
    return signed(statement, key=former, kind=ENDORSES)


def _make(private: ec.EllipticCurvePrivateKey, jwk: dict[str, str], endorsement: str) -> RootKey:
    require_running()
    claim_keys([private.public_key()], party=OWN, field="root")
    plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return RootKey.objects.create(
        kid=jwk["kid"],
        public_jwk=jwk,
        sealed_private_key=keys.seal(plain, purpose=KEY_SEAL),
        endorsement=endorsement,
    )
