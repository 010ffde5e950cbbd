"""How eight client libraries cut the signed part out of an answer, restated.

Each rule takes the raw text and the method's node name and gives the text it would
verify and the signature it would use. They are written from the libraries' own
sources and share no code with the product: an answer that all of them cut alike, and
whose signature fits, is one that all of them accept.
"""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

Cut = tuple[str, str]
_PYTHON_BEGIN = re.compile(r'"[a-zA-z_]+_response"\s*:\s*{')
_PYTHON_SIGN = re.compile(r'}\s*,\s*"sign"\s*:\s*"')
_PHP_ESCAPES = {"\\": "\\\\", '"': '\\"', "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n"}
_PHP_ESCAPES |= {"\r": "\\r", "\t": "\\t", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class CannotCut(Exception):
    """The library would give up on this answer."""


@dataclass(frozen=True, slots=True)
class Library:
    """One library's rule; `slashes` if it tries again with `\\/` read as `/`."""

    name: str
    cut: Callable[[str, str], Cut]
    slashes: bool = False


def official_python(raw: str, node: str) -> Cut:
    """From the first `…_response":{` to the brace before the last `,"sign":"`."""
    begin, signs = _PYTHON_BEGIN.search(raw), list(_PYTHON_SIGN.finditer(raw))
    if begin is None or not signs:
        raise CannotCut("response shape maybe illegal")
    last = signs[-1]
    return raw[begin.end() - 1 : last.start() + 1], raw[last.end() : raw.find('"', last.end())]


def fzlee(raw: str, node: str) -> Cut:
    """Counts braces after the node's name, strings or not."""
    start = end = raw.find("{", raw.find(node))
    depth = 0
    for place, letter in enumerate(raw[start + 1 :], start + 1):
        if letter == "{":
            depth += 1
        elif letter == "}":
            if depth == 0:
                end = place + 1
                break
            depth -= 1
    return raw[start:end], json.loads(raw)["sign"]


def official_node(raw: str, node: str) -> Cut:
    """A window cut at the last `"sign"` of the uncut text, then first to last brace."""
    start, last = raw.index(f'{node}"'), raw.rindex('"sign"')
    window = raw.strip()[start + len(node) + 1 :][:last]
    window = re.sub(r"^[^{]*{", "{", window)
    return re.sub(r"\}([^}]*)$", "}", window), json.loads(raw)["sign"]


def official_java(raw: str, node: str) -> Cut:
    """Matches braces with an eye on strings; the node's name may not come again."""
    start = raw.index(node) + len(node) + 2
    while raw[start] not in '{"':
        start += 1
    end = _matching(raw, start)
    if node in raw[end:]:
        raise CannotCut("the node's name comes again")
    sign = json.loads(raw).get("sign")
    if not sign:
        raise CannotCut("sign is empty")
    return raw[start:end], sign


def official_php(raw: str, node: str) -> Cut:
    """From a fixed distance after the node's name to just before the last `"sign"`."""
    start, last = raw.index(node) + len(node) + 2, raw.rindex('"sign"')
    return raw[start : last - 1], json.loads(raw)["sign"]


def gopay(raw: str, node: str) -> Cut:
    """From the first `_response":` to the first `,"sign":` after it."""
    start = raw.index('_response":') + len('_response":')
    for mark in (',"alipay_cert_sn":', ',"sign":'):
        place = raw.find(mark)
        if place > 0:
            return raw[start:place], json.loads(raw)["sign"]
    raise CannotCut("no signature")


def smartwalle(raw: str, node: str) -> Cut:
    """The raw tokens of the node and of `sign`, the latter without unescaping."""
    tokens = _raw_tokens(raw)
    if "alipay_cert_sn" in tokens or "sign" not in tokens:
        raise CannotCut("public key not found")
    return tokens[node], tokens["sign"].strip('"')


def yansongda(raw: str, node: str) -> Cut:
    """Decodes the whole answer and writes the node anew, as PHP does."""
    whole = json.loads(raw)
    return _php(whole[node]), whole["sign"]


LIBRARIES = (
    Library("alipay-sdk-python", official_python),
    Library("python-alipay-sdk", fzlee),
    Library("alipay-sdk (Node)", official_node),
    Library("alipay-sdk-java", official_java, slashes=True),
    Library("alipay-sdk-php", official_php, slashes=True),
    Library("gopay", gopay),
    Library("smartwalle", smartwalle),
    Library("yansongda/pay", yansongda),
)


def php_certified(raw: str, node: str) -> Cut:
    """PHP's client for certificates: up to just before `"alipay_cert_sn"`."""
    start = raw.index(node) + len(node) + 2
    return raw[start : raw.index('"alipay_cert_sn"') - 1], json.loads(raw)["sign"]


def smartwalle_certified(raw: str, node: str) -> Cut:
    """As without certificates, and the certificate's number must be there."""
    tokens = _raw_tokens(raw)
    if not tokens["alipay_cert_sn"].strip('"'):
        raise CannotCut("no certificate")
    return tokens[node], tokens["sign"].strip('"')


# The official Python library knows no certificates.
CERTIFIED = (
    Library("python-alipay-sdk (certificates)", fzlee),
    Library("alipay-sdk (Node, certificates)", official_node),
    Library("alipay-sdk-java (certificates)", official_java, slashes=True),
    Library("alipay-sdk-php (certificates)", php_certified, slashes=True),
    Library("gopay (certificates)", gopay),
    Library("smartwalle (certificates)", smartwalle_certified),
    Library("yansongda/pay (certificates)", yansongda),
)


def refusals(raw: bytes, method: str, key: RSAPublicKey, charset: str = "utf-8") -> dict[str, str]:
    """Which libraries would refuse this answer, and why; empty if all accept it.

    An answer that names our certificate went to a client in certificate mode.
    """
    text, node = raw.decode(charset), method.replace(".", "_") + "_response"
    found: dict[str, str] = {}
    known: dict[tuple[bytes, str], bool] = {}
    for library in CERTIFIED if '"alipay_cert_sn":"' in text[-600:] else LIBRARIES:
        try:
            signed, sign = library.cut(text, node)
        except (CannotCut, ValueError, KeyError, IndexError) as error:
            found[library.name] = repr(error)
            continue
        tries = [signed, signed.replace("\\/", "/")] if library.slashes else [signed]
        if not any(_fits_once(_bytes(one, charset), sign, key, known) for one in tries):
            found[library.name] = f"signature does not fit {signed[:200]}"
    return found


def fits(message: bytes, sign: str, key: RSAPublicKey) -> bool:
    """Whether a signature fits under either hash."""
    for algorithm in (SHA256(), SHA1()):
        try:
            key.verify(base64.b64decode(sign, validate=True), message, PKCS1v15(), algorithm)
        except (InvalidSignature, ValueError):
            continue
        return True
    return False


def _fits_once(
    message: bytes, sign: str, key: RSAPublicKey, known: dict[tuple[bytes, str], bool]
) -> bool:
    """As `fits`, worked out once for all libraries that cut alike."""
    if (message, sign) not in known:
        known[message, sign] = fits(message, sign, key)
    return known[message, sign]


def _bytes(text: str, charset: str) -> bytes:
    """A text in the answer's charset, what that cannot hold escaped as it came."""
    try:
        return text.encode(charset)
    except UnicodeEncodeError:
        pass
    return b"".join(
        letter.encode(charset, "ignore") or json.dumps(letter)[1:-1].encode() for letter in text
    )


def _matching(raw: str, start: int) -> int:
    if raw[start] == '"':
        return raw.index('"', start + 1) + 1
    depth, inside, escaped = 0, False, False
    for place in range(start, len(raw)):
        letter = raw[place]
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == '"':
            inside = not inside
        elif not inside and letter in "{}":
            depth += 1 if letter == "{" else -1
            if depth == 0:
                return place + 1
    raise CannotCut("no end")


def _raw_tokens(raw: str) -> dict[str, str]:
    """The top level's members with their values as they stand in the text."""
    decoder, tokens, place = json.JSONDecoder(), {}, 1
    while raw[place] != "}":
        name, place = decoder.raw_decode(raw, place + (raw[place] == ","))
        start = place + 1
        _, place = decoder.raw_decode(raw, start)
        tokens[name] = raw[start:place]
    return tokens


def _php(value: object) -> str:
    """PHP's json_encode with JSON_UNESCAPED_UNICODE, of what json_decode made arrays of."""
    if isinstance(value, dict):
        if not value:
            return "[]"
        return "{" + ",".join(f"{_php(name)}:{_php(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_php, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(_php_letter(letter) for letter in value) + '"'
    if value is None or isinstance(value, bool | float):
        raise CannotCut(f"{value!r} does not survive PHP")
    return str(value)


def _php_letter(letter: str) -> str:
    if letter in _PHP_ESCAPES:
        return _PHP_ESCAPES[letter]
    return f"\\u{ord(letter):04x}" if letter < " " else letter
