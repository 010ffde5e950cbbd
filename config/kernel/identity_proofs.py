"""Signed proof from wallet to health code: a holder's identity was verified by a document.

The wallet signs it for its own user and carries nothing else in it: no name, no number, no
tier. The health code checks it against the document that the person has typed there. Neither
imports the other; the client carries the bit from one to the other.
"""

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta

from config.kernel import keys
from config.kernel.errors import Refused

LIFE = timedelta(minutes=10)
_KEY = "identity-proof"


class IdentityProofInvalid(Refused):
    """The proof is somebody else's, about another document, or too old."""

    code = "identity_proof_invalid"
    message = "The proof does not hold for you and this document; ask your wallet for a new one."


def sign(*, holder_id: uuid.UUID, document: str, at: datetime) -> tuple[str, datetime]:
    """A proof that a holder has a document, and when it ends.

    Args:
        holder_id: the wallet user.
        document: its type and number, as `type|number`.
        at: now.
    """
    ends_at = at.replace(microsecond=0) + LIFE
    seconds = int(ends_at.timestamp())
    return f"{seconds}.{_mac(holder_id, document, seconds)}", ends_at


def check(text: str, *, holder_id: uuid.UUID, document: str, at: datetime) -> None:
    """Check a proof.

    Raises:
        IdentityProofInvalid: it is none for this holder, document and moment.
    """
    seconds, _, mac = text.partition(".")
    is_number = seconds.isascii() and seconds.isdigit() and len(seconds) <= 12
    if not is_number or int(seconds) < at.timestamp():
        raise IdentityProofInvalid(field="identity_proof")
    expected = _mac(holder_id, document, int(seconds))
    if not hmac.compare_digest(mac.encode(), expected.encode()):
        raise IdentityProofInvalid(field="identity_proof")


def _mac(holder_id: uuid.UUID, document: str, seconds: int) -> str:
    text = f"{holder_id}|{document}|{seconds}"
    return hmac.new(keys.derive(_KEY, 32), text.encode(), hashlib.sha256).hexdigest()
