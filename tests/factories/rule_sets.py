"""Rule sets to draft, and who approves them."""

import json
from typing import Any

from healthcode.rules import library
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


def checkers() -> list[Any]:
    """Two who may approve that rules are published or retired."""
    names = ("health.publish_rules", "health.retire_rules")
    return [make_checker("carl", *names), make_checker("cleo", *names)]
