"""EMVCo merchant-presented codes: parse, write.

We write strictly and read tolerantly: of 78 valid codes of live schemes 32 break
EMVCo's own rules. This module walks the structure and proves the checksum;
`mpm_rules` holds the strict rules, `schemes` what each country makes of them.
Source: EMVCo QRCPS merchant-presented mode 1.0, sections 3 and 4.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.kernel.errors import InvalidRequest
from wallet.qr import tlv
from wallet.qr.crc import checksum
from wallet.qr.tlv import Pair, TlvInvalid

MAX_CHARACTERS = 2048
FOUR_HEX = re.compile(r"[0-9A-Fa-f]{4}")

# Merchant accounts 02-25 are primitive whatever they look like: 02 may begin "0004".
TEMPLATES = frozenset(
    [f"{number:02d}" for number in range(26, 52)]
    + ["62", "64"]
    + [f"{number:02d}" for number in range(80, 100)]
)
ACCOUNTS = frozenset(f"{number:02d}" for number in range(2, 52))

Value = str | dict[str, str]
Part = tuple[str, str | Iterable[Pair]]


class MerchantCodeInvalid(InvalidRequest):
    """What we were asked to write would break EMVCo's rules; `field` is the ID."""

    code = "field_invalid"
    message = "A value does not fit its field in the merchant code."


@dataclass(frozen=True, kw_only=True)
class MerchantPresented:
    """A code whose structure holds; nothing is said yet about its contents.

    Attributes:
        fields: value by ID, templates as mappings; of a repeated ID the last.
        duplicates: IDs that stand more than once, as "53" or "62.05".
        crc_stated: the four characters of ID 63, or None when 63 is absent or not last.
    """

    pairs: tuple[Pair, ...]
    fields: Mapping[str, Value]
    duplicates: tuple[str, ...]
    crc_stated: str | None
    crc_computed: str

    @property
    def crc_right(self) -> bool:
        """Whether the stated checksum is the computed one; hex case does not matter."""
        return self.crc_stated is not None and self.crc_stated.upper() == self.crc_computed

    def text(self, identifier: str) -> str:
        """Give a primitive value, or "" when absent or a template."""
        value = self.fields.get(identifier, "")
        return value if isinstance(value, str) else ""

    def template(self, identifier: str) -> Mapping[str, str]:
        """Give a template's values by sub-ID, empty when absent or raw."""
        value = self.fields.get(identifier, {})
        return value if isinstance(value, dict) else {}

    def guid(self, identifier: str) -> str:
        """Give a template's owner in lower case: live codes write it in either."""
        return self.template(identifier).get("00", "").lower()


def parse(payload: str) -> MerchantPresented:
    """Walk a payload to its end.

    Raises:
        TlvInvalid: it is longer than 2,048 characters, holds what no UTF-8 can say
            (a lone surrogate), or is no TLV. A right checksum does not help.
    """
    if len(payload) > MAX_CHARACTERS:
        raise TlvInvalid(f"more than {MAX_CHARACTERS} characters")
    try:
        payload.encode()
    except UnicodeEncodeError as error:
        raise TlvInvalid("not Unicode text") from error
    pairs = tuple(tlv.walk(payload))
    fields: dict[str, Value] = {}
    duplicates = repeated(identifier for identifier, _ in pairs)
    for identifier, value in pairs:
        inner = tlv.walk_or_none(value) if identifier in TEMPLATES else None
        if inner is None:
            fields[identifier] = value
        else:
            fields[identifier] = dict(inner)
            duplicates += [f"{identifier}.{sub}" for sub in repeated(key for key, _ in inner)]
    last = pairs[-1] if pairs else ("", "")
    stated = last[1] if last[0] == "63" and FOUR_HEX.fullmatch(last[1]) else None
    return MerchantPresented(
        pairs=pairs,
        fields=fields,
        duplicates=tuple(duplicates),
        crc_stated=stated,
        crc_computed=checksum(payload[:-4]),
    )


def repeated(identifiers: Iterable[str]) -> list[str]:
    """Name the IDs that stand more than once, each once, in order."""
    seen: set[str] = set()
    twice: list[str] = []
    for identifier in identifiers:
        if identifier in seen and identifier not in twice:
            twice.append(identifier)
        seen.add(identifier)
    return twice


def seal(body: str) -> str:
    """Append the checksum object to a payload that lacks only it."""
    announced = f"{body}6304"
    return announced + checksum(announced)


def serialise(parts: Iterable[Part]) -> str:
    """Join parts, templates as lists of pairs, and seal them.

    Raises:
        TlvUnwritable: a value is empty or longer than 99 characters.
    """
    return seal(
        tlv.write(
            (identifier, value if isinstance(value, str) else tlv.write(value))
            for identifier, value in parts
        )
    )
