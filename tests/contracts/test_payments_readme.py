"""What wallet/README.md says of payments is what the code does."""

import re
from pathlib import Path

from django.conf import settings

from wallet.payments.rules import ALIAS_BATCH, CODE_STRIKES, COOL_DOWN, COOL_DOWN_TRIES, MOVES
from wallet.qr.paycode import EXPIRED_STEPS

README = (Path(settings.BASE_DIR) / "wallet" / "README.md").read_text(encoding="utf-8")
CHAPTER = README.partition("## A payment\n")[2].partition("\n## ")[0]


def test_draws_the_life_of_a_payment() -> None:
    drawn = set(re.findall(r"^ +([A-Z]+) --> ([A-Z]+)", CHAPTER, re.MULTILINE))
    assert drawn == {(state.value, to.value) for state, tos in MOVES.items() for to in tos}


def test_tells_the_strikes_and_the_cool_down() -> None:
    assert f"burned after {CODE_STRIKES} wrong passwords" in README
    seconds = int(COOL_DOWN.total_seconds())
    assert f"{COOL_DOWN_TRIES} bad codes within {seconds} seconds" in README
    assert f"one of the last {EXPIRED_STEPS} steps" in README
    assert ALIAS_BATCH == 10
