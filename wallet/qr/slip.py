"""Thai bank slips: the small code on a transfer receipt. Never a payment.

It looks like EMVCo's TLV but root 00 is a template, the country stands in 51 and the
checksum in 91. Reading it as a payment code would pay somebody's receipt.
Source: Bank of Thailand slip verification mini-QR.
"""

from wallet.qr.crc import checksum
from wallet.qr.tlv import walk_or_none
from wallet.qr.values import Kind, Level, Reading

FORMAT = "000001"


def is_slip(payload: str) -> bool:
    """Tell whether a payload is built like a slip, whatever its checksum says."""
    root = dict(walk_or_none(payload) or ())
    inner = dict(walk_or_none(root.get("00", "")) or ())
    return inner.get("00") == FORMAT


def read_slip(payload: str) -> Reading:
    """Read a slip that `is_slip` recognised; the warning says what it is not."""
    root = dict(walk_or_none(payload) or ())
    stated = root.get("91", "")
    right = payload.endswith(f"9104{stated}") and stated.upper() == checksum(payload[:-4])
    errors = () if right else ("crc_mismatch",) if stated else ("crc_missing",)
    inner = dict(walk_or_none(root["00"]) or ())
    return Reading(
        kind=Kind.SLIP,
        profile="thai-slip",
        level=Level.CRC if errors else None,
        errors=errors,
        strict_errors=errors,
        warnings=("not a payment code",),
        fields={**root, "00": inner},
        details={"bank": inner.get("01", ""), "transaction": inner.get("02", "")},
    )
