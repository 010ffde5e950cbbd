"""Small codes to bend in tests."""

from datetime import UTC, datetime

from wallet.qr.classify import House
from wallet.qr.emvco_mpm import seal
from wallet.qr.merchant_code import Order, Shop
from wallet.qr.tlv import Pair, write

HOUSE = House(hosts=("pay.test",), guid="test.saoma", prefix="28")
TOKEN = "0123456789ABCDEFGHJKMNPQRS"
SHOP = Shop(
    guid="test.saoma",
    merchant_number="2088000000000001",
    mcc="5411",
    currency="156",
    country="CN",
    name="茶馆",
    latin_name="TEA HOUSE",
    city="HANGZHOU",
)
ORDER = Order(
    amount="12.00",
    link=f"pay.test/q/{TOKEN}",
    reference="A-1",
    expires_at=datetime(2025, 1, 1, tzinfo=UTC),
)

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


def bend(payload: str, old: str, new: str) -> str:
    """Change a sealed code's text, same length, and seal it again."""
    return seal(payload[:-8].replace(old, new))
