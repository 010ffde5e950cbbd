"""What happens to a notification or a return address between the gateway and its check. Pure.

Each cause is a code; `cause_text` gives it in the reader's language.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, product
from typing import Final
from urllib.parse import quote, quote_plus, unquote_to_bytes

from django.utils.translation import gettext, gettext_noop

from merchants.diagnosis.request_parser import FORM, SentRequest, parse_request
from merchants.protocol.values import Charset

Params = Mapping[bytes, bytes]
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_UNSIGNED: Final = frozenset({b"sign", b"sign_type"})
# Misreadings by one charset of what was written in another.
_MISREAD: Final = ("latin-1", "cp1252", "gb18030", "utf-8")
# More added parameters than these are not searched for where we do not know what was sent.
_MANY_ADDED: Final = 40
# Each blank of a value may have been a plus sign; of longer texts none is tried.
_MANY_BLANKS: Final = 6
_TEXTS: Final = {
    "valid": gettext_noop("the signature fits the gateway's key"),
    "missing_parameter": gettext_noop("%(names)s is not in what you pasted"),
    "unknown_sign_type": gettext_noop("sign_type is neither RSA2 nor RSA"),
    "charset_twice": gettext_noop(
        "the value of %(names)s was decoded in another charset than it was sent in; decode it "
        "once, in the charset that the parameter charset names"
    ),
    "plus_to_blank": gettext_noop(
        "a plus sign in %(names)s has become a blank; decode the form once, and do not decode "
        "its values again"
    ),
    "parameter_dropped": gettext_noop(
        "%(names)s was sent and is not in what you pasted; check all that you receive, fields "
        "that you do not know too"
    ),
    "parameter_added": gettext_noop(
        "%(names)s was not sent by the gateway; leave out what your framework or router adds"
    ),
    "parameter_renamed": gettext_noop(
        "%(names)s has another name than it was sent with; keep the names as they arrive"
    ),
    "values_encoded": gettext_noop(
        "the value of %(names)s is percent-encoded once more; check the decoded values"
    ),
    "html_escaped": gettext_noop(
        "%(names)s was escaped for a page (&amp; for &, &quot; for quotes); check what arrived, "
        "before it is shown"
    ),
    "value_changed": gettext_noop("the value of %(names)s is not the one that was sent"),
    "signature_changed": gettext_noop(
        "sign is not the signature that was sent; the parameters may be right"
    ),
    "fragment_before_query": gettext_noop(
        "the query stands behind # in the address, where a server never sees it and a page's "
        "router takes it for its own; give a return_url whose query comes before #"
    ),
    "not_our_signature": gettext_noop(
        "the signature was not made with the gateway's key, or it was damaged on the way"
    ),
    "app_signature": gettext_noop(
        "the signature was made with your app's own key: this is something you sent, and nothing "
        "the gateway sent"
    ),
    "no_match": gettext_noop(
        "the gateway signed another string than this one, and what changed is no usual mishap"
    ),
    "sign_type_left_in": gettext_noop(
        "the string you checked has sign_type in it; notifications and returns are signed "
        "without sign and sign_type"
    ),
    "sign_left_in": gettext_noop("the string you checked has sign in it; leave it out"),
    "not_sorted": gettext_noop("the string you checked is not sorted by the parameters' names"),
    "other_string": gettext_noop(
        "the string you checked is not the one that is signed; see where they part"
    ),
    "own_key": gettext_noop(
        "wrong public key: you check with your app's own public key; check with the Alipay "
        "public key, which stands on your app's page"
    ),
    "strange_key": gettext_noop(
        "wrong public key: it is not this gateway's; copy it again from your app's page"
    ),
    "right_key": gettext_noop("the public key that you check with is the gateway's; good"),
    "unreadable_key": gettext_noop("the public key that you check with cannot be read"),
}


def cause_text(code: str, names: str = "") -> str:
    """A cause with its code before it, in the reader's language."""
    text = gettext(_TEXTS[code]).replace("%(names)s", names or "…")
    return f"{code}: {text}"


def read_received(text: str) -> tuple[SentRequest, bool]:
    """Find the form or the query in what was received, and whether it stood behind a `#`.

    Raises:
        CommandUnreadable: it is a curl command whose quotes do not close.
    """
    first, _, rest = text.strip().partition("\n")
    if rest.strip() or not _ADDRESS.match(first):
        return parse_request(text), False
    page, _, fragment = first.strip().partition("#")
    query, behind = page.partition("?")[2], fragment.partition("?")[2]
    if "sign=" in behind:
        return SentRequest("&".join(part for part in (query, behind) if part), "", FORM), True
    return SentRequest(query, "", FORM), False


def canonical(params: Params) -> bytes:
    """The string that is verified: decoded, sorted, without `sign`, `sign_type` and empties."""
    return b"&".join(
        name + b"=" + value
        for name, value in sorted(params.items())
        if value and name not in _UNSIGNED
    )


def _escaped(value: bytes) -> bytes:
    return html.unescape(value.decode("latin-1")).encode("latin-1", "replace")


def _misread(value: bytes, charset: Charset) -> Iterator[bytes]:
    """What a value may have been before it was read in the wrong charset and written again."""
    for written in (charset.decoding, "utf-8", "gb18030"):
        for wrong in _MISREAD:
            if wrong == written:
                continue
            before = _re_encoded(value, written, wrong)
            if before is not None:
                yield before


def _re_encoded(value: bytes, written: str, wrong: str) -> bytes | None:
    try:
        return value.decode(written).encode(wrong)
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None


def _undone(value: bytes, charset: Charset) -> Iterator[tuple[str, bytes]]:
    """What a value may have been, with the code of what happened to it since."""
    blanks = value.split(b" ")
    if 1 < len(blanks) <= _MANY_BLANKS:
        for marks in list(product((b"+", b" "), repeat=len(blanks) - 1))[:-1]:
            pairs = zip(blanks, (*marks, b""), strict=True)
            yield "plus_to_blank", b"".join(part + mark for part, mark in pairs)
    if b"%" in value:
        yield "values_encoded", unquote_to_bytes(value)
        yield "values_encoded", unquote_to_bytes(value.replace(b"+", b" "))
    if b"+" in value:
        yield "values_encoded", value.replace(b"+", b" ")
    if b"&" in value:
        yield "html_escaped", _escaped(value)
    if not value.isascii():
        yield from (("charset_twice", before) for before in _misread(value, charset))


def compare(sent: Params, got: Params, charset: Charset) -> list[tuple[str, str]]:
    """Causes with the names they concern: what was done to what we sent."""
    ours = {name: value for name, value in sent.items() if value and name not in _UNSIGNED}
    theirs = {name: value for name, value in got.items() if value and name not in _UNSIGNED}
    dropped = [name for name in ours if name not in theirs]
    added = [name for name in theirs if name not in ours]
    names_by_cause: dict[str, list[str]] = {}
    for new in list(added):
        old = next((name for name in dropped if ours[name] == theirs[new]), None)
        if new.startswith(b"amp;"):
            names_by_cause.setdefault("html_escaped", []).append(_name(new[4:]))
        elif old is not None:
            names_by_cause.setdefault("parameter_renamed", []).append(
                f"{_name(old)} ({_name(new)})"
            )
        else:
            continue
        added.remove(new)
        dropped = [name for name in dropped if name not in (old, new[4:])]
    for code, names in (("parameter_dropped", dropped), ("parameter_added", added)):
        if names:
            names_by_cause.setdefault(code, []).extend(_name(name) for name in names)
    for name in (name for name in ours if name in theirs and ours[name] != theirs[name]):
        undone = _undone(theirs[name], charset)
        code = next((code for code, before in undone if before == ours[name]), "")
        if not code and theirs[name].replace(b" ", b"+") == ours[name].replace(b" ", b"+"):
            code = "plus_to_blank"
        names_by_cause.setdefault(code or _lossy(theirs[name]), []).append(_name(name))
    return [(code, ", ".join(names)) for code, names in names_by_cause.items()]


def _lossy(value: bytes) -> str:
    """A value with replacement characters was decoded in a charset that could not hold it."""
    return "charset_twice" if "\ufffd".encode() in value else "value_changed"


def repairs(got: Params, plus_kept: Params, charset: Charset) -> Iterator[tuple[str, str, Params]]:
    """What may have been sent, where we do not know it: code, names, parameters."""
    names = [name for name, value in got.items() if value and name not in _UNSIGNED]
    if any(name.startswith(b"amp;") for name in names):
        yield "html_escaped", "&", {name.removeprefix(b"amp;"): got[name] for name in got}
    with_pluses = {name: plus_kept.get(name, value) for name, value in got.items()}
    changed = [name for name in names if with_pluses[name] != got[name]]
    if changed:
        yield "plus_to_blank", _names(changed), with_pluses
    for name in names[:_MANY_ADDED]:
        for code, before in _undone(got[name], charset):
            yield code, _name(name), {**got, name: before}
    for code, undo in _whole(charset):
        undone = {name: undo(got[name]) for name in names}
        changed = [name for name in names if undone[name] != got[name]]
        if len(changed) > 1:
            yield code, _names(changed), {**got, **undone}
    sizes = (1, 2) if len(names) <= _MANY_ADDED else (1,)
    for size in sizes:
        for chosen in combinations(names, size):
            less = {name: value for name, value in got.items() if name not in chosen}
            yield "parameter_added", _names(list(chosen)), less


def _whole(charset: Charset) -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    """The same mishap to every value that it can happen to."""
    yield "values_encoded", unquote_to_bytes
    yield "values_encoded", lambda value: unquote_to_bytes(value.replace(b"+", b" "))
    yield "html_escaped", _escaped
    for written in dict.fromkeys((charset.decoding, "utf-8", "gb18030")):
        for wrong in _MISREAD:
            if wrong != written:
                yield "charset_twice", _misreading(written, wrong)


def _misreading(written: str, wrong: str) -> Callable[[bytes], bytes]:
    def undo(value: bytes) -> bytes:
        before = None if value.isascii() else _re_encoded(value, written, wrong)
        return value if before is None else before

    return undo


def checked_instead(params: Params, checked: bytes) -> str:
    """The code of the mistake in a string that was checked instead of the right one."""
    right = canonical(params)
    with_type = {name: value for name, value in params.items() if value and name != b"sign"}
    whole = {name: value for name, value in params.items() if value}
    plain = {name: value for name, value in whole.items() if name not in _UNSIGNED}
    strings: dict[bytes, str] = {
        _joined(sorted(with_type.items())): "sign_type_left_in",
        _joined(sorted(whole.items())): "sign_left_in",
        _joined(list(plain.items())): "not_sorted",
        right.replace(b"&", b"&amp;"): "html_escaped",
        html.escape(right.decode("latin-1")).encode("latin-1"): "html_escaped",
    }
    for encoded in (quote_plus, lambda value: quote(value, safe="")):
        values = [(name, encoded(value).encode()) for name, value in sorted(plain.items())]
        strings[_joined(values)] = "values_encoded"
    if checked.count(b"&") == right.count(b"&") and checked == right.replace(b"+", b" "):
        return "plus_to_blank"
    return strings.get(checked, "other_string")


def _joined(pairs: list[tuple[bytes, bytes]]) -> bytes:
    return b"&".join(b"=".join(pair) for pair in pairs)


def _names(names: list[bytes]) -> str:
    return ", ".join(_name(name) for name in names)


def _name(name: bytes) -> str:
    return name.decode("utf-8", "replace")
