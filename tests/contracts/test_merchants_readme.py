"""merchants/README.md says what the code does: its diagrams are the tables."""

import re
from pathlib import Path

from django.conf import settings

from merchants.acceptance.values import OrderStatus
from merchants.notifications.models import NotificationState
from merchants.notifications.webhook_payload import LADDER
from merchants.onboarding.rules import TRANSITIONS

README = (Path(settings.BASE_DIR) / "merchants" / "README.md").read_text(encoding="utf-8")
DIAGRAMS = re.findall(r"```mermaid\n(.*?)```", README, re.DOTALL)


def arrows(diagram: str) -> set[tuple[str, str]]:
    """From and to of each arrow, the start's left out."""
    return set(re.findall(r"^ +([A-Z]+) --> ([A-Z]+)", diagram, re.MULTILINE))


def states(diagram: str) -> set[str]:
    """All states that a diagram names."""
    return set(re.findall(r"\b[A-Z]{4,}\b", diagram))


def test_draws_the_life_of_a_merchant() -> None:
    table = {(state.value, to.value) for state, tos in TRANSITIONS.items() for to in tos}
    assert arrows(DIAGRAMS[0]) == table


def test_names_every_state_of_orders_and_notifications() -> None:
    assert states(DIAGRAMS[1]) == {status.value for status in OrderStatus}
    assert states(DIAGRAMS[2]) == {state.value for state in NotificationState}


def test_tells_the_ladders_hours() -> None:
    hours = [gap.total_seconds() / 3600 for gap in LADDER]
    rungs = [f"{hour:g}h" if hour >= 1 else f"{hour * 60:g}m" for hour in hours]
    assert rungs == ["4m", "10m", "10m", "1h", "2h", "6h", "15h"]
    assert "4m, 10m, 10m, 1h, 2h, 6h and 15h" in README.replace("\n", " ")
