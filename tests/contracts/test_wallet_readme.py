"""wallet/README.md says what the code does: its diagrams and tables are the code's."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from wallet.accounts.bank import BY_LAST_TWO_DIGITS
from wallet.accounts.values import (
    ADDRESS_STRIKES,
    PHONE_STRIKES,
    PIN_STRIKES,
    TIER_LIMITS,
    TOPUP_LIFE,
    TOPUP_MOVES,
    WITHDRAWAL_MOVES,
    WITHDRAWAL_REVIEW_MINOR,
)
from wallet.money import format_amount

State = TypeVar("State", bound=StrEnum)
WALLET = Path(settings.BASE_DIR) / "wallet"
README = (WALLET / "README.md").read_text(encoding="utf-8")
TIERS = (WALLET / "decisions" / "0101-kyc-tier-limits.md").read_text(encoding="utf-8")
DIAGRAMS = re.findall(r"```mermaid\n(.*?)```", README, re.DOTALL)


def arrows(diagram: str) -> set[tuple[str, str]]:
    """From and to of each arrow, the start's left out."""
    return set(re.findall(r"^ +([A-Z]+) --> ([A-Z]+)", diagram, re.MULTILINE))


def table(moves: Mapping[State, frozenset[State]]) -> set[tuple[str, str]]:
    return {(state.value, to.value) for state, tos in moves.items() for to in tos}


def test_draws_the_lives_of_topups_and_withdrawals() -> None:
    assert arrows(DIAGRAMS[0]) == table(TOPUP_MOVES)
    assert arrows(DIAGRAMS[1]) == table(WITHDRAWAL_MOVES)


def test_lists_every_magic_amount_of_the_bank() -> None:
    listed = re.findall(r"^\| \.(\d\d) \|", README, re.MULTILINE)
    assert [int(digits) for digits in listed] == list(BY_LAST_TWO_DIGITS)


def test_tells_the_strikes() -> None:
    rows = re.findall(r"^\| (\d+) (passwords|PINs).*\| (\d+) minutes \|$", README, re.MULTILINE)
    policies = [PHONE_STRIKES, ADDRESS_STRIKES, PIN_STRIKES]
    assert [(int(tries), int(minutes) * 60) for tries, _, minutes in rows] == [
        (policy.allowed, policy.lock.total_seconds()) for policy in policies
    ]


def test_tells_the_threshold_of_a_review_and_the_life_of_a_topup() -> None:
    threshold = f"{WITHDRAWAL_REVIEW_MINOR // 100:,}.00"
    assert threshold in README
    assert f"After {TOPUP_LIFE.total_seconds() / 60:.0f} minutes" in README


def test_the_tier_record_has_the_tables_amounts() -> None:
    for limit in TIER_LIMITS.values():
        amount_minor = limit.lifetime_minor or limit.yearly_minor
        if amount_minor:
            yuan = format_amount(amount_minor, "CNY").removesuffix(".00")
            assert f"| {limit.tier} | {int(yuan):,}.00 yuan |" in TIERS
