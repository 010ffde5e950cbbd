"""Rule sets of the tests' own, drafts, cases."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from pytest_django import Settings

from wallet.risk import rules
from wallet.risk.models import RiskCase, RiskRuleSet
from wallet.risk.queries.current import forget
from wallet.risk.usecases.draft_rule_set import draft_rule_set

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


def draft_risk_rules(version: str, **changes: Any) -> RiskRuleSet:
    """A draft whose one rule looks at every payment afterwards."""
    content = one_rule("REVIEW", **{"stage": "AFTER", **changes})
    return draft_rule_set(version=version, content=content, author="ann")


def make_risk_case() -> RiskCase:
    """An open case between two strangers."""
    return RiskCase.objects.create(
        pattern=uuid.uuid4().hex, payer_id=uuid.uuid4(), payee_id=uuid.uuid4(), summary="a test"
    )
