"""What wallet/README.md says of agreements is what the code does."""

import re
from pathlib import Path

from django.conf import settings

from wallet.agreements.rules import EXECUTED_AT, LAST_DAY, MOVES, NOTICE, RETRIES, SHORTEST_DAYS

README = (Path(settings.BASE_DIR) / "wallet" / "README.md").read_text(encoding="utf-8")
CHAPTER = README.partition("## An agreement\n")[2].partition("\n## ")[0]


def test_draws_the_life_of_an_agreement() -> None:
    drawn = set(re.findall(r"^ +([A-Z]+) --> ([A-Z]+)", CHAPTER, re.MULTILINE))
    assert drawn == {(state.value, to.value) for state, tos in MOVES.items() for to in tos}


def test_tells_the_days_of_a_period_and_of_a_plan() -> None:
    plain = " ".join(CHAPTER.split())
    hours = NOTICE.total_seconds() / 3600
    first, second, third = (retry.days for retry in RETRIES)
    assert (
        f"A period is {SHORTEST_DAYS} days or more, or whole months on a day of 1 to {LAST_DAY}"
        in plain
    )
    assert f"at {EXECUTED_AT:%H:%M} of the day, tells the payer {hours:.0f} hours" in plain
    assert f"tries again after {first}, {second} and {third} days" in plain
