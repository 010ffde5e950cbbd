"""merchants/README.md draws the life of a batch as its table has it."""

import re
from pathlib import Path

from django.conf import settings

from merchants.settlement.values import TRANSITIONS

README = (Path(settings.BASE_DIR) / "merchants" / "README.md").read_text(encoding="utf-8")


def test_draws_the_life_of_a_batch() -> None:
    drawn = README.split("## Settlement and payouts")[1].split("\n## ")[0]
    arrows = set(re.findall(r"^ +([A-Z_]+) --> ([A-Z_]+)", drawn, re.MULTILINE))
    assert arrows == {(state.value, to.value) for state, tos in TRANSITIONS.items() for to in tos}
