"""Strings that people sign by mistake, each with what to do about it. Pure."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus

from merchants.gateway import rules
from merchants.gateway.values import Charset
from merchants.onboarding.values import SignType

NO_MATCH: Final = (
    "no_match: the signature fits neither our string nor a usual mistake; check that the "
    "uploaded public key belongs to your private key, and that nothing changed after signing"
)
_SIGN_TYPE_LEFT_OUT: Final = (
    "sign_type_left_out: requests are signed with sign_type in the string; only "
    "notifications leave it out"
)
_NOT_SORTED: Final = "not_sorted: join the parameters in byte order of their names"
_ENCODED: Final = "encoded_values: sign the plain values; percent-encode them afterwards"
_ONLY_CONTENT: Final = (
    "only_biz_content: the string is made of all parameters, not of biz_content alone"
)
_PLUS: Final = (
    "plus_for_space: a plus sign arrived as a space; percent-encode values (+ becomes %2B) "
    "before they are sent"
)
_SPACE: Final = (
    "space_for_plus: you signed a space where a plus sign arrived; do not encode the values "
    "twice, and encode them before you add them to the address"
)
_NEWLINE: Final = "trailing_newline: the string you signed ends in a line break; ours does not"
_CRLF: Final = "trailing_newline: the string you signed ends in a Windows line break; ours does not"
_ESCAPED: Final = (
    "html_escaped: the string was escaped for a page (&amp;amp; for &amp;, &amp;quot; for quotes) "
    "before it was signed; sign it as it is"
)
_AMPERSAND: Final = "trailing_ampersand: the string you signed ends in &; drop the last one"
_SIGN_KEPT: Final = "sign_kept: you signed the string with a sign parameter in it; leave it out"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A string somebody may have signed instead of ours, the hash, and the advice."""

    reason: str
    signed: bytes
    kind: SignType


def usual_mistakes(
    raw: Mapping[bytes, bytes], charset: Charset, kind: SignType
) -> Iterator[Mistake]:
    """What people sign by mistake, the commonest first.

    Args:
        raw: the request's parameters as decoded bytes.
        charset: in which they were sent.
        kind: the hash that was named.
    """
    right = rules.request_canonical(raw)
    other = SignType.RSA if kind is SignType.RSA2 else SignType.RSA2
    yield Mistake(f"wrong_hash: signed as {other.value} and sent as {kind.value}", right, other)
    for reason, signed in _other_strings(raw, right):
        yield Mistake(reason, signed, kind)
    text = right.decode(charset.decoding, "replace")
    wrong = "gbk" if charset.encoding == "utf-8" else "utf-8"
    reason = f"wrong_charset: signed in {wrong}, sent as {charset.name}"
    yield Mistake(reason, text.encode(wrong, "replace"), kind)
    escaped = html.escape(text).encode(charset.encoding, "replace")
    yield Mistake(html.unescape(_ESCAPED), escaped, kind)


def _other_strings(raw: Mapping[bytes, bytes], right: bytes) -> Iterator[tuple[str, bytes]]:
    without = {name: value for name, value in raw.items() if name != b"sign_type"}
    yield _SIGN_TYPE_LEFT_OUT, rules.request_canonical(without)
    as_sent = {name: value for name, value in raw.items() if name != b"sign" and value}
    yield _NOT_SORTED, b"&".join(b"=".join(pair) for pair in as_sent.items())
    encoded = {name: quote_plus(value).encode() for name, value in raw.items()}
    yield _ENCODED, rules.request_canonical(encoded)
    yield _ONLY_CONTENT, raw.get(b"biz_content", b"")
    if b" " in right:
        yield _PLUS, _swapped(raw, b" ", b"+")
        yield _PLUS, _swapped(raw, b" ", b"+", keep=b"timestamp")
    if b"+" in right:
        yield _SPACE, _swapped(raw, b"+", b" ")
    yield _NEWLINE, right + b"\n"
    yield _CRLF, right + b"\r\n"
    yield _AMPERSAND, right + b"&"
    content = raw.get(b"biz_content", b"")
    yield _NEWLINE, rules.request_canonical({**raw, b"biz_content": content + b"\n"})
    with_sign = sorted({**as_sent, b"sign": b""}.items())
    yield _SIGN_KEPT, b"&".join(b"=".join(pair) for pair in with_sign)


def _swapped(raw: Mapping[bytes, bytes], old: bytes, new: bytes, keep: bytes = b"") -> bytes:
    """Our string with one letter written as another, in every value but one."""
    swapped = {
        name: value if name == keep else value.replace(old, new) for name, value in raw.items()
    }
    return rules.request_canonical(swapped)
