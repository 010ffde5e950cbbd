"""Where a request comes from, for limits on guessing and for sessions' own lists."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

LONGEST: Final = 64


def caller_address(meta: Mapping[str, Any]) -> str:
    """The network address of the caller: what our proxy saw, or the socket's peer.

    Behind a proxy (BEHIND_TLS) the last entry of X-Forwarded-For counts, which the proxy
    wrote itself; what a caller wrote before it is not believed.
    """
    if settings.BEHIND_TLS:
        forwarded = str(meta.get("HTTP_X_FORWARDED_FOR", ""))
        return forwarded.rpartition(",")[2].strip()[:LONGEST]
    return str(meta.get("REMOTE_ADDR", ""))[:LONGEST]
