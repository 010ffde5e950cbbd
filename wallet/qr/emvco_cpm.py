"""EMVCo consumer-presented codes: encode, decode, choose an application.

The customer's phone shows base64 of BER-TLV; every payload begins `hQVDUFY`, which
is tag 85 with "CPV". The till passes the chosen data on to the issuer unparsed.
Saoma's own payment code is a number (wallet.qr.paycode); this is interoperability.
Source: EMVCo QRCPS consumer-presented mode 1.0, sections 3 to 5 and annex B.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wallet.qr import ber
from wallet.qr.ber import BerInvalid
from wallet.qr.values import Kind, Level, Reading

PREFIX = "hQVDUFY"
VERSION = b"CPV01"
MAX_CHARACTERS = 4096
MAX_DEPTH = 2
APPLICATION, COMMON, OPAQUE = "61", "62", ("63", "64")
NESTED = frozenset({APPLICATION, COMMON, *OPAQUE})

PROFILES = {"A000000333": "unionpay", "A000000065": "jcb", "A0000006022020": "qris-cpm"}

# Value form by tag: pattern over the upper-case hex, for what EMVCo prescribes.
FORMS: Mapping[str, re.Pattern[str]] = {
    "4F": re.compile(r"(..){5,16}"),
    "50": re.compile(r"(2[0-9A-F]|[3-6][0-9A-F]|7[0-9A-E]){1,16}"),
    "57": re.compile(r"(?=(..){1,19}$)[0-9]{1,19}D[0-9]+F?"),
    "5A": re.compile(r"(?=(..){1,10}$)[0-9]+F*"),
    "5F20": re.compile(r"(2[0-9A-F]|[3-6][0-9A-F]|7[0-9A-E]){2,26}"),
    "5F2D": re.compile(r"((3[0-9]|[46][1-9A-F]|[57][0-9A]){2}){1,4}"),
    "9F08": re.compile(r"(..){2}"),
    "9F19": re.compile(r"[0-9]{12}"),
    "9F24": re.compile(r"(3[0-9]|4[1-9A-F]|5[0-9A]){29}"),
    "9F25": re.compile(r"[0-9]{4}"),
}

# Shown to people and machines: [tag, hex] for a primitive, [tag, [...]] for a template.
Shown = list["str | Shown"]


@dataclass(frozen=True)
class Node:
    """A data object with its children, when its tag is one of EMVCo's templates."""

    tag: str
    value: bytes
    children: tuple["Node", ...] = ()

    @property
    def hex(self) -> str:
        """The value as upper-case hex."""
        return self.value.hex().upper()


def decode(payload: str) -> tuple[Node, ...]:
    """Decode a payload into its tree.

    Raises:
        BerInvalid: it is not base64 of well-formed BER-TLV.
    """
    if len(payload) > MAX_CHARACTERS:
        raise BerInvalid(f"more than {MAX_CHARACTERS} characters")
    try:
        data = base64.b64decode(payload.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BerInvalid("not base64") from error
    return _tree(data)


def _tree(data: bytes, depth: int = 0) -> tuple[Node, ...]:
    """Decode bytes and the templates in them; a template in a template's template is refused."""
    if depth > MAX_DEPTH:
        raise BerInvalid("nested too deep")
    return tuple(
        Node(item.tag, item.value, _tree(item.value, depth + 1) if item.tag in NESTED else ())
        for item in ber.decode(data)
    )


def encode(nodes: Sequence[Node]) -> str:
    """Encode a tree; children win over a template's own value.

    Raises:
        BerInvalid: a tag is malformed or a value too long.
    """
    return base64.b64encode(_bytes(nodes)).decode()


def _bytes(nodes: Sequence[Node]) -> bytes:
    return ber.encode(
        [
            ber.Object(node.tag, _bytes(node.children) if node.children else node.value)
            for node in nodes
        ]
    )


def _adf(application: Node) -> str:
    """Give the application's ADF name as hex, or "" when absent or of a bad length."""
    for child in application.children:
        if child.tag == "4F" and 5 <= len(child.value) <= 16:
            return child.hex
    return ""


def _repeated(nodes: Sequence[Node]) -> list[str]:
    """Name the primitive tags that stand more than once."""
    tags = [node.tag for node in nodes if node.tag not in NESTED]
    return [tag for tag in dict.fromkeys(tags) if tags.count(tag) > 1]


def read_customer_code(payload: str) -> Reading:
    """Read one code and give a verdict; errors are what a till must stop at."""
    try:
        nodes = decode(payload)
    except BerInvalid as broken:
        return Reading(
            kind=Kind.CPM,
            level=Level.TLV,
            errors=("tlv_invalid",),
            strict_errors=(f"tlv: {broken.reason}",),
        )
    problems = tuple(dict.fromkeys(_problems(nodes)))
    forms = tuple(dict.fromkeys((*_arrangement(nodes), *_unnamed(nodes), *_forms(nodes))))
    names = [_adf(node) for node in nodes if node.tag == APPLICATION]
    schemes = [name for aid, name in PROFILES.items() if any(adf.startswith(aid) for adf in names)]
    return Reading(
        kind=Kind.CPM,
        profile=schemes[0] if schemes else "emvco",
        level=Level.FIELD if problems else None,
        errors=problems,
        strict_errors=(*problems, *forms),
        warnings=forms,
        fields=_shown(nodes),
        details=_details(nodes),
    )


def _problems(nodes: Sequence[Node]) -> Iterator[str]:
    """Yield what stops a till."""
    if not nodes or nodes[0].tag != "85" or nodes[0].value != VERSION:
        yield "85 missing, not first or not CPV01"
    for tag in _repeated(nodes):
        yield f"duplicate {tag}"
    applications = [node for node in nodes if node.tag == APPLICATION]
    commons = [node for node in nodes if node.tag == COMMON]
    if not applications:
        yield "no 61 application template"
        return
    if not any(_adf(node) for node in applications):
        yield "no 61 with a 4F of 5 to 16 bytes"
    shared = [child for node in commons for child in node.children]
    for application in applications:
        merged = (*application.children, *shared)
        for tag in _repeated(merged):
            yield f"duplicate {tag}"
        if not any(node.tag in ("57", "5A") for node in merged):
            yield "neither 57 nor 5A"


def _arrangement(nodes: Sequence[Node]) -> Iterator[str]:
    """Yield templates that stand too often; a till gets along with them."""
    tags = [node.tag for node in nodes]
    if tags.count(APPLICATION) > 2:
        yield "more than two 61"
    if tags.count(COMMON) > 1 or (COMMON in tags and tags.count(APPLICATION) < 2):
        yield "62 without two 61"


def _unnamed(nodes: Sequence[Node]) -> Iterator[str]:
    """Yield applications without an ADF name; a till skips them and takes another."""
    for node in nodes:
        if node.tag == APPLICATION and not any(child.tag == "4F" for child in node.children):
            yield "61 without 4F"


def _forms(nodes: Sequence[Node]) -> Iterator[str]:
    """Yield values that break EMVCo's format, wherever they stand."""
    for node in nodes:
        form = FORMS.get(node.tag)
        if form and not form.fullmatch(node.hex):
            yield f"{node.tag} bad format: {node.hex}"
        yield from _forms(node.children)


def _shown(nodes: Sequence[Node]) -> Shown:
    """Turn a tree into [tag, value] pairs."""
    return [[node.tag, _shown(node.children) if node.tag in NESTED else node.hex] for node in nodes]


def _details(nodes: Sequence[Node]) -> dict[str, str]:
    """Name what a person may want to see, card numbers cut to their ends."""
    flat = {
        child.tag: child
        for node in nodes
        if node.tag in (APPLICATION, COMMON)
        for child in node.children
    }
    details: dict[str, str] = {}
    if "4F" in flat:
        details["application"] = flat["4F"].hex
    for tag, name in (("50", "label"), ("5F20", "cardholder")):
        if tag in flat:
            details[name] = flat[tag].value.decode("latin-1")
    number = flat["5A"].hex.rstrip("F") if "5A" in flat else ""
    if not number and "57" in flat:
        number = flat["57"].hex.partition("D")[0]
    if number:
        details["card_number"] = f"{number[:6]}…{number[-4:]}"
    return details
