"""Cursors of lists: made and read in one place.

A cursor says after which row a page begins. It is bound to its list and sealed with the
installation's key: one that was cut short, edited, made up or taken from another list is
refused in words instead of leading somewhere.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Final

from django.utils.crypto import salted_hmac

from config.kernel.errors import InvalidRequest

PATTERN: Final = "^[A-Za-z0-9_-]*$"
_SALT: Final = "saoma.cursor"
_SEAL_BYTES: Final = 9
_LONGEST: Final = 512
_JOINT: Final = "|"


class BadCursor(InvalidRequest):
    """The cursor was not made by this list."""

    code = "bad_cursor"
    message = "The cursor is not one that this list gave. Begin again without it."


def write_cursor(listing: str, *parts: str) -> str:
    """Make the cursor of a place in a list.

    Args:
        listing: names the list, the owner or path included.
        parts: what finds the row again; none holds `|`.
    """
    text = _JOINT.join(parts).encode()
    return base64.urlsafe_b64encode(_seal(listing, text) + text).decode().rstrip("=")


def read_cursor(listing: str, cursor: str, *, parts: int, field: str) -> list[str]:
    """Read a cursor that `write_cursor` made for the same list.

    Args:
        listing: names the list, as when it was written.
        cursor: as it was sent.
        parts: of how many parts it consists.
        field: the parameter it came in, for the refusal.

    Raises:
        BadCursor: it was not made for this list, or not whole.
    """
    try:
        if len(cursor) > _LONGEST:
            raise ValueError("too long")
        padded = cursor + "=" * (-len(cursor) % 4)
        sealed = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        seal, text = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
        if not hmac.compare_digest(seal, _seal(listing, text)):
            raise ValueError("another list's")
        fields = text.decode().split(_JOINT)
    except (ValueError, binascii.Error) as error:
        raise BadCursor(field=field) from error
    if len(fields) != parts:
        raise BadCursor(field=field)
    return fields


def _seal(listing: str, text: bytes) -> bytes:
    digest = hashlib.sha256(listing.encode("utf-8", "surrogatepass")).digest()
    return salted_hmac(_SALT, digest + text, algorithm="sha256").digest()[:_SEAL_BYTES]
