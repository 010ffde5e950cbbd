"""Reads a bill as merchants' programs do; shares no code with what writes it.

The zip is taken apart by its own structures, so that the names' bytes are seen as they
stand, and each CSV by splitting at commas: the format quotes nothing.
"""

import struct
import zlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from config.kernel import clock
from tests.gateway.rows_bills import BILL
from tests.gateway.world import Shop

CENTRAL = b"PK\x01\x02"
UTF_8_NAMES = 0x800


@dataclass
class Sheet:
    """One CSV: its table's rows by column, and the lines around it."""

    rows: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def today() -> str:
    """The day in the shop's zone."""
    return clock.today("Asia/Shanghai").isoformat()


def fetch(shop: Shop, kind: str = "trade", on: str = "") -> dict[str, Sheet]:
    """A bill, downloaded over the gateway and read; today's unless said otherwise."""
    node = shop.ask(BILL, bill_type=kind, bill_date=on or today()).node
    answer = shop.http.get(urlsplit(node["bill_download_url"]).path)
    assert answer.status_code == 200
    return read_bill(answer.getvalue())


def read_bill(packed: bytes) -> dict[str, Sheet]:
    """The sheets of a bill by the last part of their names."""
    sheets = {}
    place = packed.index(CENTRAL)
    while packed[place : place + 4] == CENTRAL:
        flags, method = struct.unpack_from("<HH", packed, place + 8)
        size, _, name_size, extra, comment = struct.unpack_from("<IIHHH", packed, place + 20)
        (offset,) = struct.unpack_from("<I", packed, place + 42)
        assert not flags & UTF_8_NAMES
        assert method == 8
        name = packed[place + 46 : place + 46 + name_size].decode("gbk")
        name_there, extra_there = struct.unpack_from("<HH", packed, offset + 26)
        start = offset + 30 + name_there + extra_there
        text = zlib.decompress(packed[start : start + size], -15).decode("gbk")
        sheets[name.rpartition("_")[2].removesuffix(".csv")] = _sheet(text)
        place += 46 + name_size + extra + comment
    return sheets


def fen(text: str) -> int:
    """Yuan as fen."""
    sign, plain = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, part = plain.partition(".")
    assert len(part) == 2
    return sign * (int(whole) * 100 + int(part))


def _sheet(text: str) -> Sheet:
    sheet = Sheet()
    columns: list[str] = []
    for line in text.split("\r\n"):
        if line.startswith("#"):
            sheet.notes.append(line)
        elif line and not columns:
            columns = line.split(",")
        elif line:
            cells = [cell.rstrip("\t") for cell in line.split(",")]
            assert len(cells) == len(columns), line
            sheet.rows.append(dict(zip(columns, cells, strict=True)))
    return sheet
