"""Exact strings of the Alipay protocol. Pure: no Django, no clock, no keys.

What is signed, how an answer is written and where its parts stand decide whether
a client accepts it: eight client libraries cut the signed part out of the raw
text in eight ways, one of them by counting braces without looking at strings and
one by writing the JSON anew as PHP would. `serialise` and `frame` produce the one
form that satisfies all of them.

Source: merchants/gateway/README.md, "Exact bytes".
"""

import codecs
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from config.kernel.texts import fault
from merchants.protocol.values import UTF_8, Charset

_CHARSETS: Final = {
    "": UTF_8,
    "utf-8": UTF_8,
    "utf8": UTF_8,
    "gbk": Charset("GBK", "gb18030", "gbk"),
    "gb2312": Charset("gb2312", "gb18030", "gb2312"),
    "gb18030": Charset("gb18030", "gb18030", "gb18030"),
}
ERROR_NODE: Final = "error_response"
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>\\\x00-\x1f\x7f]{1,400}", re.IGNORECASE)
_APP_ADDRESS: Final = re.compile(
    r"([a-z][a-z0-9+.-]{1,63})://[^\s\"'<>\\\x00-\x1f\x7f]{1,400}", re.IGNORECASE
)
# Schemes that a browser, a phone or a desktop acts on by itself: scripts, files, settings,
# installers, calls. They are no merchant's app.
_NO_APPS: Final = re.compile(
    r"https?|.*script|mocha|data|blob|filesystem|view-source|file|content|about|resource|res|"
    r"intent|jar|mhtml|wyciwyg|feed|pcast|shell|market|itms.*|android-app|.*-extension|"
    r"(ms|search-ms|chrome|googlechrome|microsoft-edge|firefox|moz)(-.*|s)?|"
    r"s?ftps?|wss?|tel|telprompt|sms|mms|mailto|facetime.*|sips?|ssh|telnet|gopher|ldaps?|smb|"
    r"afp|nfs|news|nntp|webcal|webdav|dav",
    re.IGNORECASE,
)
_FAULTS: Final = {
    "": "",
    "control": "含有控制字符",
    "direction": "含有改变文字方向的字符",
    "invisible": "含有不可见字符",
}
_METHOD = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,99}")
_BRACE = re.compile(r"[{}]")
# Characters that no database or client takes: most controls, and halves of surrogate pairs.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_WIDE_BRACES: Final = str.maketrans("{}", "\uff5b\uff5d")
_LONGEST_ECHO = 64
_UNSIGNED_BY_NOTIFICATIONS = frozenset({"sign", "sign_type"})


def is_web_address(text: str) -> bool:
    """Whether a text can be called or opened: http or https, a host, nothing that breaks a page."""
    return _WEB_ADDRESS.fullmatch(text) is not None and _is_visible(text) and _has_host(text)


def is_called_address(text: str) -> bool:
    """Whether notifications can be sent to an address: a web address with a port that exists.

    A user name or a fragment would not arrive, and letters beyond ASCII are no address before
    they are encoded, so that whoever gave them would wait in vain.
    """
    if not text.isascii():
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return is_web_address(text) and port != 0 and "@" not in parts.netloc and "#" not in text


def is_app_address(text: str) -> bool:
    """Whether a text opens an app by a scheme of its own, and is nothing that a browser runs."""
    match = _APP_ADDRESS.fullmatch(text)
    return match is not None and _NO_APPS.fullmatch(match[1]) is None and _is_visible(text)


def _is_visible(text: str) -> bool:
    """Whether what is shown of a text is all of it: no marks that turn or hide letters."""
    return not any(unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} for letter in text)


def _has_host(text: str) -> bool:
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def charset(name: str) -> Charset | None:
    """Look a charset up by the name a caller sent, case-insensitively."""
    names = _CHARSETS.get(name.strip().lower())
    if names is None or not name:
        return names
    return Charset(name.strip(), names.decoding, names.encoding)


def request_canonical(params: Mapping[bytes, bytes], *, empties: bool = False) -> bytes:
    """Build what a request's signature covers: all but `sign`, sorted, joined.

    `sign_type` stays in. Empty values are left out unless `empties` is set.
    """
    return b"&".join(
        key + b"=" + value
        for key, value in sorted(params.items())
        if key != b"sign" and (value or empties)
    )


def request_candidates(params: Mapping[bytes, bytes]) -> Iterator[bytes]:
    """Give the strings a client may have signed over all it sent, the documented one first.

    Some libraries sign empty values as they are given them; the variant is offered only
    where it differs.
    """
    yield request_canonical(params)
    if not all(params.values()):
        yield request_canonical(params, empties=True)


def without_files(params: Mapping[bytes, bytes]) -> dict[bytes, bytes] | None:
    """Leave out the values that begin with `@`; None where there are none.

    PHP's library takes such a value for a file's name and does not sign it. A request whose
    signature fits only so is read without them: nothing unsigned is ever used.
    """
    signed = {key: value for key, value in params.items() if not value.startswith(b"@")}
    return None if len(signed) == len(params) else signed


def notification_canonical(params: Mapping[str, str]) -> str:
    """Build what signs a notification or a return address: neither `sign` nor `sign_type`.

    Empty values are left out; values are the decoded ones.
    """
    return "&".join(
        f"{key}={value}"
        for key, value in sorted(params.items())
        if value and key not in _UNSIGNED_BY_NOTIFICATIONS
    )


def v3_request_canonical(
    auth: str, method: str, target: str, body: str, app_auth_token: str = ""
) -> str:
    """Build what signs a request of the REST protocol; every part verbatim, a line each."""
    lines = [auth, method, target, body]
    if app_auth_token:
        lines.append(app_auth_token)
    return "\n".join(lines) + "\n"


def v3_response_canonical(timestamp: str, nonce: str, body: str) -> str:
    """Build what signs an answer of the REST protocol."""
    return f"{timestamp}\n{nonce}\n{body}\n"


def v3_authorization(header: str) -> tuple[str, dict[str, str], str] | None:
    """Take an authorization header apart: the signed part verbatim, its facts, the signature.

    None for another scheme or a header without a signature.
    """
    scheme, _, rest = header.partition(" ")
    auth, comma, sign = rest.strip().rpartition(",sign=")
    if scheme != "ALIPAY-SHA256withRSA" or not comma or not sign:
        return None
    pairs = (part.partition("=") for part in auth.split(","))
    return auth, {name.strip(): value for name, _, value in pairs}, sign


def node_name(method: str) -> str:
    """Name the answer's node after the method, or `error_response` where none can be made."""
    if not _METHOD.fullmatch(method):
        return ERROR_NODE
    return method.replace(".", "_") + "_response"


def serialise(node: Mapping[str, object]) -> str:
    """Write a node as PHP's json_encode would: compact, literal UTF-8, slashes escaped."""
    text = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
    return text.replace("/", "\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def cut_safe(content: str) -> bool:
    """Tell whether a client that counts braces, strings or not, finds the node's end."""
    depth = 0
    for match in _BRACE.finditer(content):
        if depth == 0 and match.start() > 0:
            return False
        depth += 1 if match.group() == "{" else -1
    return depth == 0


def balanced(text: str) -> bool:
    """Tell whether braces pair up, none closed before it is opened."""
    depth = 0
    for match in _BRACE.finditer(text):
        depth += 1 if match.group() == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def cuttable(value: object) -> object:
    """Write braces that do not pair up wide, in every text of a node.

    For what was kept before or beside the gateway, such as the name of a store: what comes
    in through the gateway is refused instead.
    """
    if isinstance(value, str):
        return value if balanced(value) else value.translate(_WIDE_BRACES)
    if isinstance(value, dict):
        return {name: cuttable(part) for name, part in value.items()}
    return [cuttable(part) for part in value] if isinstance(value, list) else value


def storable(text: str) -> bool:
    """Tell whether every store and every answer can hold a text."""
    return _UNFIT.search(text) is None


def unreadable(text: str) -> str:
    """Say in the protocol's words why people could not read a text as it is; "" where they can."""
    if not storable(text):
        return _FAULTS["control"]
    return _FAULTS[fault(text, lines=True) or ""]


def echoable(text: str) -> bool:
    """Tell whether a caller's order number, right or wrong, may stand in an error answer."""
    return len(text) <= _LONGEST_ECHO and storable(text) and balanced(text)


def encode(text: str, charset: Charset) -> bytes:
    """Encode JSON in the caller's charset; what it cannot hold becomes an escape."""
    return text.encode(charset.encoding, "json_escape")


def frame(node: str, content: bytes, sign: str | None, cert_sn: str | None = None) -> bytes:
    """Put the signed node, the certificate's number where asked for, and the signature."""
    parts = [b'{"', node.encode("ascii"), b'":', content]
    if cert_sn is not None:
        parts += [b',"alipay_cert_sn":"', cert_sn.encode("ascii"), b'"']
    if sign is not None:
        parts += [b',"sign":"', sign.encode("ascii"), b'"']
    parts.append(b"}")
    return b"".join(parts)


def shown_canonical(canonical: bytes, charset: Charset) -> str:
    """Make the gateway's own string fit to be shown in an error, HTML-escaped.

    Braces that do not pair up are escaped too: a brace-counting client could not
    cut the answer otherwise.
    """
    text = canonical.decode(charset.decoding, "replace")
    # What the charset cannot hold is shown as a question mark: it was no text of theirs.
    text = text.encode(charset.encoding, "replace").decode(charset.encoding)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace('"', "&quot;")
    if not balanced(text):
        text = text.replace("{", "&#123;").replace("}", "&#125;")
    return text


def _json_escape(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return json.dumps(lost)[1:-1], error.end


codecs.register_error("json_escape", _json_escape)
