"""Values of exchange. Pure."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

# What payers pay in: wallets hold nothing else.
PAID_IN: Final = "CNY"
MARKUP_BPS: Final = 150
QUOTE_LIFE: Final = timedelta(minutes=10)
MICRO: Final = 10**6

# The lab's rates: millionths of a yuan for one major unit. Outside lab mode none is quoted.
LAB_RATES_MICRO: Final = {
    "EUR": 7_850_000,
    "GBP": 9_120_000,
    "HKD": 923_000,
    "JPY": 48_200,
    "KWD": 23_450_000,
    "USD": 7_200_000,
}


class QuoteState(StrEnum):
    """A quote is taken once, or its minutes go by."""

    OPEN = "OPEN"
    USED = "USED"
    EXPIRED = "EXPIRED"
