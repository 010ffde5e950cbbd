"""Rules of consents: lives of codes and tokens, numbers of their own, where codes may go. Pure."""

import base64
import hashlib
import hmac
import ipaddress
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from config.kernel import texts
from config.kernel.errors import InvalidRequest, NotFound, NotPermitted, Unauthenticated
from merchants.consents.values import MANDATE_SCOPES, GrantKind, Scope

CODE_LIFE: Final = {GrantKind.CITIZEN: timedelta(minutes=10), GrantKind.MERCHANT: timedelta(days=1)}
ACCESS_LIFE: Final = {
    GrantKind.CITIZEN: timedelta(days=15),
    GrantKind.MERCHANT: timedelta(days=365),
}
REFRESH_LIFE: Final = {
    GrantKind.CITIZEN: timedelta(days=30),
    GrantKind.MERCHANT: timedelta(days=372),
}
MOST_ADDRESSES: Final = 10
LONGEST_PURPOSE: Final = 128
HISTORY_SPAN: Final = timedelta(days=90)
MOST_HISTORY: Final = 100
_LONGEST_ADDRESS: Final = 1024
_PORTS: Final = {"http": 80, "https": 443}


class CodeRefused(InvalidRequest):
    """The code is unknown, used, too old, or another app's."""

    code = "grant_code_invalid"
    message = "This code opens nothing."


class RefreshRefused(InvalidRequest):
    """The refresh token is unknown, used, revoked, or another app's."""

    code = "refresh_token_invalid"
    message = "This refresh token opens nothing."


class RefreshExpired(InvalidRequest):
    """The refresh token's time is over."""

    code = "refresh_token_expired"
    message = "This refresh token has expired."


class TokenRefused(Unauthenticated):
    """The access token is unknown, revoked, or another app's."""

    code = "token_invalid"
    message = "This token opens nothing."


class TokenExpired(Unauthenticated):
    """The access token's time is over."""

    code = "token_expired"
    message = "This token has expired."


class ScopeMissing(NotPermitted):
    """The citizen has not allowed this much."""

    code = "scope_missing"
    message = "The citizen has not allowed this app to see this."


class MandateEmpty(InvalidRequest):
    """A mandate allows at least one thing."""

    code = "mandate_empty"
    message = "Choose at least one thing that the app may do."


class PurposeMissing(InvalidRequest):
    """Somebody's history is read for a purpose that they can read, or not at all."""

    code = "purpose_missing"
    message = "Say in 1 to 128 characters what the history is read for."


class ReturnAddressRefused(InvalidRequest):
    """The address is none of the app's, or no web address."""

    code = "return_address_refused"
    message = "Codes of this app are not sent to this address."


class GrantNotFound(NotFound):
    """There is no such consent, or it is somebody else's."""

    code = "grant_not_found"
    message = "There is no such consent."


def fingerprint(secret: str) -> str:
    """How a code or a token is kept."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def pairwise_id(key: bytes, *, app_number: str, user_id: uuid.UUID) -> str:
    """A citizen's number for one app; two apps cannot tell that theirs are one person's."""
    digest = hmac.digest(key, f"{app_number}:{user_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def scopes_text(scopes: Iterable[Scope]) -> str:
    """Scopes as they are kept."""
    return " ".join(sorted({scope.value for scope in scopes}))


def scopes_of(text: str) -> frozenset[Scope]:
    """Scopes as they were kept."""
    return frozenset(Scope(part) for part in text.split())


def mandate_scopes(granted: str, issued: str) -> frozenset[Scope]:
    """What a merchant's token opens: what it was issued for and is still granted.

    Args:
        granted: the mandate's scopes, as kept.
        issued: the token's. A token of before there were scopes opens what was promised
            then: taking and refunding payments.
    """
    return scopes_of(granted or Scope.PAY) & scopes_of(issued or Scope.PAY)


def check_mandate(scopes: Iterable[Scope]) -> None:
    """Check what a merchant is about to allow.

    Raises:
        MandateEmpty: nothing, or something that is no merchant's to give.
    """
    chosen = frozenset(scopes)
    if not chosen or not chosen <= frozenset(MANDATE_SCOPES):
        raise MandateEmpty(field="scope")


def check_purpose(scopes: Iterable[Scope], purpose: str) -> str:
    """Check what a history is to be read for; gives it as it is kept, "" without a history.

    Raises:
        PurposeMissing: a history is asked for without a purpose that can be shown.
    """
    if Scope.HISTORY not in frozenset(scopes):
        return ""
    text = purpose.strip()
    if not 1 <= len(text) <= LONGEST_PURPOSE or texts.fault(text) is not None:
        raise PurposeMissing(field="purpose")
    return text


def is_live(*, revoked_at: datetime | None, expires_at: datetime, at: datetime) -> bool:
    """Whether something that ends is in force; its end is exclusive."""
    return revoked_at is None and at < expires_at


def place_of(url: str) -> str:
    """An address without query: what is compared and kept.

    Raises:
        ReturnAddressRefused: it is no http or https address, or carries a name or fragment.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ReturnAddressRefused(field="redirect_uri") from error
    good = (
        len(url) <= _LONGEST_ADDRESS
        and url.isascii()
        and url.isprintable()
        and not set(" \"'<>\\^`{|}") & set(url)
        and parts.scheme in _PORTS
        and bool(parts.hostname)
        and parts.username is None
        and not parts.fragment
    )
    if not good:
        raise ReturnAddressRefused(field="redirect_uri")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    return f"{parts.scheme}://{host}:{port or _PORTS[parts.scheme]}{parts.path or '/'}"


def check_return_address(url: str, *, registered: Iterable[str], allow_loopback: bool) -> None:
    """Check that a code may be sent to an address.

    An app without addresses may use loopback where that is allowed: the sandbox.

    Raises:
        ReturnAddressRefused: it may not.
    """
    place, places = place_of(url), [place_of(one) for one in registered]
    if place in places:
        return
    if not places and allow_loopback and is_loopback(urlsplit(url).hostname or ""):
        return
    raise ReturnAddressRefused(field="redirect_uri")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
