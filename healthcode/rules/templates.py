"""Rule sets as authors write them: with `or`, and with durations named once. Pure.

CertLogic has no `or` and wants the amounts of `plusTime` as literals, so that a change from
14 days to 7 is a new version. Authors may name a duration in the head of a set,

    "durations": {"isolation": 14}

and write `{"plusTime": [x, "isolation", "day"]}` or `{"duration": "isolation"}`; what is
drafted, reviewed and hashed is the set with all of it written out.
"""

from collections.abc import Mapping
from typing import Any

from healthcode.rules.certlogic.validator import desugared

_EXPRESSIONS = ("logic", "until", "ageing")
_WRITTEN_OUT_DEPTH = 100


def expanded(content: Mapping[str, Any]) -> dict[str, Any]:
    """A rule set with durations and `or` written out; one without them stays as it is.

    A name that is not among the durations stays too, and is found to be no CertLogic.
    """
    document = {name: value for name, value in content.items() if name != "durations"}
    table = content.get("durations")
    durations = table if isinstance(table, Mapping) else {}
    rules = document.get("rules")
    if isinstance(rules, list):
        document["rules"] = [
            _rule(rule, durations) if isinstance(rule, Mapping) else rule for rule in rules
        ]
    return document


def _rule(rule: Mapping[str, Any], durations: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: desugared(_written_out(value, durations)) if name in _EXPRESSIONS else value
        for name, value in rule.items()
    }


def _written_out(value: Any, durations: Mapping[str, Any], depth: int = 0) -> Any:
    if depth > _WRITTEN_OUT_DEPTH:
        return value
    if isinstance(value, list):
        return [_written_out(item, durations, depth + 1) for item in value]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        [(name, operands)] = value.items()
        if name == "duration" and isinstance(operands, str) and operands in durations:
            return durations[operands]
        if name == "plusTime" and isinstance(operands, list) and len(operands) == 3:
            amount = operands[1]
            is_named = isinstance(amount, str) and amount in durations
            start = _written_out(operands[0], durations, depth + 1)
            return {name: [start, durations[amount] if is_named else amount, operands[2]]}
    return {name: _written_out(item, durations, depth + 1) for name, item in value.items()}
