"""Where a request comes from, for limits on guessing and for sessions' own lists."""

import ipaddress
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django.conf import settings

LONGEST: Final = 64
# What a server on a unix socket says about its peer.
UNIX_PEERS: Final = frozenset({"", "unix", "unix:"})

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(meta: Mapping[str, Any]) -> str:
    """The network address of the caller; never empty.

    X-Forwarded-For is believed only from a proxy of SAOMA_TRUSTED_PROXIES, and there only
    as far as trusted proxies wrote it: read from the right, the first address that is not
    theirs is the caller's. Whatever cannot be read so counts as the peer itself, so that
    a limit by address may become narrower but never goes away.
    """
    peer = str(meta.get("REMOTE_ADDR", "")).strip()
    trusted = _networks(tuple(settings.SAOMA_TRUSTED_PROXIES))
    address = peer
    if _is_trusted(peer, trusted):
        for entry in reversed(str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
            hop = _normal(entry)
            if hop is None:
                break
            address = hop
            if not _is_trusted(hop, trusted):
                break
    return (_normal(address) or address or "unix")[:LONGEST]


def networks(entries: Sequence[str]) -> tuple[Network, ...]:
    """Networks of trusted proxies; "unix" among the entries means a socket of this machine.

    Raises:
        ValueError: one is neither an address nor a network.
    """
    return tuple(ipaddress.ip_network(entry) for entry in entries if entry != "unix")


@lru_cache(maxsize=8)
def _networks(entries: tuple[str, ...]) -> tuple[bool, tuple[Network, ...]]:
    return "unix" in entries, networks(entries)


def _is_trusted(address: str, trusted: tuple[bool, tuple[Network, ...]]) -> bool:
    by_socket, ranges = trusted
    if address in UNIX_PEERS:
        return by_socket
    try:
        parsed = ipaddress.ip_address(_normal(address) or address)
    except ValueError:
        return False
    return any(parsed in network for network in ranges)


def _normal(entry: str) -> str | None:
    """An address as one spelling: no port, no brackets, IPv4 not dressed as IPv6."""
    text = entry.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)
