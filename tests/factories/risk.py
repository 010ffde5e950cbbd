"""Rule sets of the tests' own."""

from collections.abc import Mapping
from typing import Any

import pytest
from pytest_django import Settings

from wallet.risk import rules
from wallet.risk.queries.in_force import forget

VERSION = "of the test"


def one_rule(decision: str, **changes: Any) -> Mapping[str, Any]:
    """A rule set with one in-line rule that fires for every payment."""
    rule = {
        "name": "never",
        "stage": "INLINE",
        "when": "amount_minor >= 1",
        "decision": decision,
        "weight": 50,
        "sentence": "Not today.",
    }
    return {"review_score": 60, "rules": (rule | changes,)}


def use_rules(settings: Settings, monkeypatch: pytest.MonkeyPatch, data: Mapping[str, Any]) -> None:
    """Put a rule set in force for one test."""
    monkeypatch.setitem(rules._loaded, VERSION, rules.load_rule_set(VERSION, data))
    settings.SAOMA_RISK_RULES = VERSION
    forget()
