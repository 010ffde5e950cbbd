"""Sends a form to a merchant's address and refuses to be sent anywhere else.

The address in a notification was chosen by somebody outside, so it must not reach what
only we can reach: the name is resolved once, every address it gives must be public, and
the connection goes to the address that was checked, never to a second look-up. Loopback
is allowed in the lab alone. Redirects are not followed, the answer is read up to a few
bytes, and the whole exchange has one deadline, so that a drip of bytes cannot hold it.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from merchants.notifications.webhook_payload import ANSWER, Delivery, Failure, failure_of

TIMEOUT_S: Final = 5.0
SHOWN_BYTES: Final = 256
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class _Refused(Exception):
    """The send ends before anything was sent."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class _Plain(http.client.HTTPConnection):
    """HTTP to an address already chosen."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), TIMEOUT_S)


class _Tls(_Plain):
    """HTTPS to an address already chosen; the certificate is for the name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def post_form(url: str, body: bytes, *, charset: str, allow_loopback: bool) -> Delivery:
    """Post a form and judge the answer; never raises for what the other side does.

    Args:
        url: http or https.
        body: the form, already encoded in `charset`.
        charset: name for the Content-Type.
        allow_loopback: whether this machine itself may be the merchant (the lab).
    """
    started = time.monotonic()
    try:
        connection, target = _connection(url, allow_loopback=allow_loopback)
    except _Refused as refusal:
        return _ended(started, refusal.failure)
    fired = threading.Event()
    watchdog = threading.Timer(TIMEOUT_S, _cut, (connection, fired))
    watchdog.daemon = True
    watchdog.start()
    try:
        status, answer = _exchange(connection, target, body, charset)
    except ssl.SSLError:
        return _ended(started, Failure.TIMEOUT if fired.is_set() else Failure.TLS)
    except TimeoutError:
        return _ended(started, Failure.TIMEOUT)
    except (OSError, http.client.HTTPException, ValueError):
        return _ended(started, Failure.TIMEOUT if fired.is_set() else Failure.CONNECTION)
    finally:
        watchdog.cancel()
        connection.close()
    if fired.is_set():
        # Cut in the middle: what was read may look like an answer and is none.
        return _ended(started, Failure.TIMEOUT)
    return Delivery(
        status=status,
        answer=_shown(answer),
        duration_ms=_elapsed_ms(started),
        failure=failure_of(status, answer),
    )


def may_connect(address: Address, *, allow_loopback: bool) -> bool:
    """Whether an address is public; loopback counts where it is allowed.

    An IPv4 address wrapped into IPv6 (mapped, 6to4, NAT64) is judged as what it is.
    """
    inner = _unwrapped(address)
    if inner.is_loopback:
        return allow_loopback
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _connection(url: str, *, allow_loopback: bool) -> tuple[_Plain, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _Refused(Failure.URL) from error
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host or not url.isascii() or port == 0:
        raise _Refused(Failure.URL)
    kind = _Tls if parts.scheme == "https" else _Plain
    addresses = _resolve(host, port or kind.default_port)
    if not all(may_connect(address, allow_loopback=allow_loopback) for address in addresses):
        raise _Refused(Failure.ADDRESS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return kind(host, port or kind.default_port, str(addresses[0])), target


def _resolve(host: str, port: int) -> list[Address]:
    """All addresses of a name, IPv4 first: more merchants answer there."""
    try:
        address_rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _Refused(Failure.NAME) from error
    texts: Iterable[str] = dict.fromkeys(
        str(entry[4][0]).partition("%")[0] for entry in address_rows
    )
    addresses = sorted((ipaddress.ip_address(text) for text in texts), key=lambda ip: ip.version)
    if not addresses:
        raise _Refused(Failure.NAME)
    return addresses


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _exchange(connection: _Plain, target: str, body: bytes, charset: str) -> tuple[int, bytes]:
    connection.request(
        "POST",
        target,
        body=body,
        headers={
            "Content-Type": f"application/x-www-form-urlencoded; charset={charset}",
            "User-Agent": "Mozilla/4.0",
            "Accept": "*/*",
            "Connection": "close",
        },
    )
    response = connection.getresponse()
    # One byte more than the word tells "success" from a text that begins with it.
    return response.status, response.read(max(SHOWN_BYTES, len(ANSWER) + 1))


def _cut(connection: _Plain, fired: threading.Event) -> None:
    fired.set()
    sock = connection.sock
    if sock is None:
        return
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It was closed a moment before: nothing is left to cut.
        return


def _shown(answer: bytes) -> str:
    """An answer's first bytes as text that a database takes."""
    return answer.decode("utf-8", "replace").replace("\x00", "�")


def _ended(started: float, failure: Failure) -> Delivery:
    return Delivery(status=None, answer="", duration_ms=_elapsed_ms(started), failure=failure)


def _elapsed_ms(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
