"""Rule sets to draft, and who approves them."""

import json
from datetime import timedelta
from typing import Any

from config.kernel import clock
from healthcode.rules import library, publication
from healthcode.rules.models import RuleSetVersion
from tests.factories.operators import make_checker


def content(version: str = "strict-2026", days: int = 3) -> dict[str, Any]:
    """The teaching set with a green code of so many days."""
    text = (library._FOLDER / "teaching.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    found["version"] = version
    green = next(rule for rule in found["rules"] if rule["colour"] == "GREEN")
    changed = json.dumps(green).replace('14, "day"', f'{days}, "day"')
    found["rules"][found["rules"].index(green)] = json.loads(changed)
    for rule in found["rules"]:
        rule["tests"] = [test for test in rule["tests"] if "one second before" not in test["name"]]
    return found


LENIENT = "420100"


def lenient(**changes: object) -> None:
    """Put rules in force in a region, since yesterday, that redden nobody."""
    written = {**content("lenient"), "region": LENIENT, **changes}
    written["rules"] = [rule for rule in written["rules"] if rule["colour"] != "RED"]
    draft = publication.draft_rule_set(content=written, author="author")
    RuleSetVersion.objects.filter(id=draft.id).update(
        valid_from=clock.now() - timedelta(days=1), approved_by=["carl", "cleo"]
    )


def checkers() -> list[Any]:
    """Two who may approve that rules are published or retired."""
    names = ("health.publish_rules", "health.retire_rules")
    return [make_checker("carl", *names), make_checker("cleo", *names)]
