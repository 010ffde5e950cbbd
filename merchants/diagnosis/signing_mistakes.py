"""Strings that people sign by mistake, each with what to do about it. Pure."""

import html
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final
from urllib.parse import quote, quote_plus, unquote_to_bytes

from merchants.diagnosis import transport_damage
from merchants.diagnosis.translatable_text import TranslatableText
from merchants.protocol import rules
from merchants.protocol.values import Charset

NO_MATCH: Final = (
    "no_match: the signature fits neither our string nor a usual mistake; check that the "
    "uploaded public key belongs to your private key, and that nothing changed after signing"
)
_SIGN_TYPE_LEFT_OUT: Final = (
    "sign_type_left_out: requests are signed with sign_type in the string; only "
    "notifications leave it out"
)
_LEFT_OUT: Final = (
    "parameter_left_out: you signed without {names}; every parameter that is sent is signed, but "
    "for sign and those without a value"
)
_NOT_SORTED: Final = "not_sorted: join the parameters in byte order of their names"
_ENCODED: Final = "encoded_values: sign the plain values; percent-encode them afterwards"
_ONLY_CONTENT: Final = (
    "only_biz_content: the string is made of all parameters, not of biz_content alone"
)
_NOTHING: Final = "empty_string: you signed an empty string; look where the string is lost"
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
    "html_escaped: the string was escaped for a page (&amp; for &, or &quot; for quotes) before "
    "it was signed; sign it as it is"
)
_ENTITY: Final = (
    "html_entity: a page has read {names} in the string as a sign ({damaged}); do not pass the "
    "string through HTML before you sign it"
)
_WRONG_CHARSET: Final = "wrong_charset: signed in {signed}, sent as {sent}"
_AMPERSAND: Final = "trailing_ampersand: the string you signed ends in &; drop the last one"
_SIGN_KEPT: Final = "sign_kept: you signed the string with a sign parameter in it; leave it out"


# What libraries add behind their callers' backs, and what people think is not signed.
_FORGOTTEN: Final = frozenset(
    {
        *(b"alipay_root_cert_sn", b"alipay_sdk", b"app_auth_token", b"app_cert_sn"),
        *(b"auth_token", b"charset", b"encrypt_type", b"format", b"notify_url", b"prod_code"),
        *(b"return_url", b"sign_type", b"terminal_info", b"terminal_type", b"timestamp"),
        *(b"version", b"ws_service_url"),
    }
)
_HEX: Final = re.compile(rb"%[0-9A-F]{2}")
_MANY_NAMES: Final = 30
_MANY_FORGOTTEN: Final = 10
_MANY_HURT: Final = 5
# What JavaScript's encodeURIComponent leaves as it is.
_JAVASCRIPT: Final = "!'()*~"


def usual_strings(
    raw: Mapping[bytes, bytes], sent: Mapping[bytes, bytes], charset: Charset
) -> Iterator[tuple[str, bytes]]:
    """What people sign by mistake, the commonest first, each with the advice.

    Args:
        raw: the request's parameters as decoded bytes.
        sent: the same with percent signs decoded and plus signs left as they were.
        charset: in which they were sent.
    """
    right = rules.request_canonical(raw)
    yield from _whole_strings(raw, right)
    yield from _encoded(raw, right)
    yield from _blanks(raw, sent, right)
    yield from _for_pages(raw, right, charset)
    text = right.decode(charset.decoding, "replace")
    wrong = "gbk" if charset.encoding == "utf-8" else "utf-8"
    reason = TranslatableText.of(_WRONG_CHARSET, signed=wrong, sent=charset.name)
    yield reason, text.encode(wrong, "replace")
    yield from _left_out(raw)


def _whole_strings(raw: Mapping[bytes, bytes], right: bytes) -> Iterator[tuple[str, bytes]]:
    without = {name: value for name, value in raw.items() if name != b"sign_type"}
    yield _SIGN_TYPE_LEFT_OUT, rules.request_canonical(without)
    in_order = {name: value for name, value in raw.items() if name != b"sign" and value}
    yield _NOT_SORTED, b"&".join(b"=".join(pair) for pair in in_order.items())
    content = raw.get(b"biz_content", b"")
    yield _ONLY_CONTENT if content else _NOTHING, content
    yield _NOTHING, b""
    yield _NEWLINE, right + b"\n"
    yield _CRLF, right + b"\r\n"
    yield _AMPERSAND, right + b"&"
    yield _NEWLINE, rules.request_canonical({**raw, b"biz_content": content + b"\n"})
    with_sign = sorted({**in_order, b"sign": b""}.items())
    yield _SIGN_KEPT, b"&".join(b"=".join(pair) for pair in with_sign)


def _encoded(raw: Mapping[bytes, bytes], right: bytes) -> Iterator[tuple[str, bytes]]:
    """Encoded before it was signed, or sent with one encoding more than it was signed with."""
    yield _ENCODED, rules.request_canonical({k: quote_plus(v).encode() for k, v in raw.items()})
    for safe in ("", _JAVASCRIPT, "/"):
        values = {name: quote(value, safe=safe).encode() for name, value in raw.items()}
        yield _ENCODED, rules.request_canonical(values)
        lower = {name: _HEX.sub(_lowered, value) for name, value in values.items()}
        yield _ENCODED, rules.request_canonical(lower)
    yield _ENCODED, quote(right, safe="").encode()
    yield _ENCODED, quote_plus(right).encode()
    if b"%" in right:
        for plus in (b"+", b" "):
            once = {k: unquote_to_bytes(v.replace(b"+", plus)) for k, v in raw.items()}
            yield transport_damage.TWICE, rules.request_canonical(once)


def _lowered(code: re.Match[bytes]) -> bytes:
    """A percent code in small letters, as .NET writes it."""
    return code[0].lower()


def _blanks(
    raw: Mapping[bytes, bytes], sent: Mapping[bytes, bytes], right: bytes
) -> Iterator[tuple[str, bytes]]:
    """Plus signs that arrived as blanks, and the other way."""
    if b" " in right:
        with_pluses = {name: sent.get(name, value) for name, value in raw.items()}
        yield _PLUS, rules.request_canonical(with_pluses)
        if b"timestamp" in raw:
            yield _PLUS, rules.request_canonical({**with_pluses, b"timestamp": raw[b"timestamp"]})
        yield _PLUS, _swapped(raw, b" ", b"+")
        yield _PLUS, _swapped(raw, b" ", b"+", keep=b"timestamp")
    if b"+" in right:
        yield _SPACE, _swapped(raw, b"+", b" ")


def _for_pages(
    raw: Mapping[bytes, bytes], right: bytes, charset: Charset
) -> Iterator[tuple[str, bytes]]:
    """Escaped for a page, or read by one as if it had been."""
    text = right.decode(charset.decoding, "replace")
    values = {k: v.replace(b"&", b"&amp;") for k, v in raw.items()}
    yield _ESCAPED, html.escape(text).encode(charset.decoding, "replace")
    yield _ESCAPED, html.escape(text, quote=False).encode(charset.decoding, "replace")
    yield _ESCAPED, right.replace(b"&", b"&amp;")
    yield _ESCAPED, right.replace(b"&", b"&amp;").replace(b'"', b"&quot;")
    yield _ESCAPED, rules.request_canonical(values)
    names = [name.decode("latin-1") for name in sorted(raw) if b"&" + name + b"=" in right]
    hurt = {f"&{name}": html.unescape(f"&{name}") for name in names}
    hurt = {name: damaged for name, damaged in hurt.items() if name != damaged}
    # A page damages all of them; some alone only where people have mended the others.
    sizes = range(len(hurt), 0, -1) if len(hurt) <= _MANY_HURT else (len(hurt), 1)
    for size in sizes:
        for chosen in combinations(hurt, size):
            damaged = text
            for name in chosen:
                damaged = damaged.replace(f"{name}=", f"{hurt[name]}=")
            damage = ", ".join(hurt[name] for name in chosen)
            reason = TranslatableText.of(_ENTITY, names=", ".join(chosen), damaged=damage)
            yield reason, damaged.encode(charset.decoding, "replace")


def _left_out(raw: Mapping[bytes, bytes]) -> Iterator[tuple[str, bytes]]:
    """The string without one parameter, without two, and without more of the often forgotten."""
    pairs = {name: name + b"=" + raw[name] for name in sorted(raw) if raw[name] and name != b"sign"}
    forgotten = [name for name in pairs if name in _FORGOTTEN][:_MANY_FORGOTTEN]
    choices = list(combinations(pairs, 1))
    if len(pairs) <= _MANY_NAMES:
        choices += combinations(pairs, 2)
    for size in range(3, len(forgotten) + 1):
        choices += combinations(forgotten, size)
    for chosen in choices:
        names = ", ".join(name.decode("latin-1") for name in chosen)
        rest = [pair for name, pair in pairs.items() if name not in chosen]
        yield TranslatableText.of(_LEFT_OUT, names=names), b"&".join(rest)


def _swapped(raw: Mapping[bytes, bytes], old: bytes, new: bytes, keep: bytes = b"") -> bytes:
    """Our string with one letter written as another, in every value but one."""
    swapped = {
        name: value if name == keep else value.replace(old, new) for name, value in raw.items()
    }
    return rules.request_canonical(swapped)
