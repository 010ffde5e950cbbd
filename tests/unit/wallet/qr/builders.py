"""Small codes to bend in tests."""

from wallet.qr.emvco_mpm import seal
from wallet.qr.tlv import Pair, write

CLEAN: dict[str, str] = {
    "00": "01",
    "01": "11",
    "26": "0004host0103abc",
    "52": "5411",
    "53": "156",
    "58": "CN",
    "59": "TEA HOUSE",
    "60": "HANGZHOU",
}


def merchant_code(changes: dict[str, str | None] | None = None, *, extra: list[Pair] = []) -> str:  # noqa: B006
    """Write a clean code with some values changed, dropped (None) or added, and seal it."""
    values = CLEAN | {key: value for key, value in (changes or {}).items() if value is not None}
    for key, value in (changes or {}).items():
        if value is None:
            values.pop(key, None)
    return seal(write([*values.items(), *extra]))
