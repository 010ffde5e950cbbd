"""Whether an expression is CertLogic at all, and how a wider one becomes it.

The form only: no types are inferred. Every problem is found, not just the first.
"""

import re
from dataclasses import dataclass
from typing import Any

from healthcode.rules.certlogic.dates import UNITS
from healthcode.rules.certlogic.evaluator import MAX_DEPTH
from healthcode.rules.certlogic.values import is_integer

_PATH = re.compile(r"[^.]+(\.[^.]+)*")
_MANY = 1 << 16
# Operator: least and most operands, and how many of the first are expressions.
_FORMS: dict[str, tuple[int, int, int]] = {
    "if": (3, 3, 3),
    "and": (2, _MANY, _MANY),
    "!": (1, 1, 1),
    "===": (2, 2, 2),
    "in": (2, 2, 2),
    "+": (2, 2, 2),
    **dict.fromkeys(
        ("<", ">", "<=", ">=", "after", "before", "not-after", "not-before"), (2, 3, 3)
    ),
    "plusTime": (3, 3, 1),
    "reduce": (3, 3, 3),
    "extractFromUVCI": (2, 2, 1),
    "dccDateOfBirth": (1, 1, 1),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the part of the expression that is."""

    expression: Any
    message: str


def problems(expression: Any, depth: int = 0) -> list[Problem]:
    """Everything that keeps an expression from being CertLogic; empty if it is."""
    if depth > MAX_DEPTH:
        return [Problem(expression, f"nested deeper than {MAX_DEPTH}")]
    if isinstance(expression, str | bool):
        return []
    if isinstance(expression, int | float):
        if is_integer(expression):
            return []
        return [Problem(expression, f"{expression} is a non-integer number")]
    if isinstance(expression, list):
        return [problem for item in expression for problem in problems(item, depth + 1)]
    if not isinstance(expression, dict):
        return [Problem(expression, "invalid CertLogic expression")]
    if len(expression) != 1:
        count = len(expression)
        return [Problem(expression, f"an expression object has exactly one key, not {count}")]
    [(name, operands)] = expression.items()
    if name == "var":
        return _var_problems(expression, operands)
    return _operation_problems(expression, name, operands, depth)


def _var_problems(expression: Any, path: Any) -> list[Problem]:
    if not isinstance(path, str):
        return [Problem(expression, 'not of the form { "var": "<path>" }')]
    if path and not _PATH.fullmatch(path):
        return [Problem(expression, f"the path has no valid format: {path}")]
    return []


def _operation_problems(expression: Any, name: str, operands: Any, depth: int) -> list[Problem]:
    if not isinstance(operands, list):
        return [Problem(expression, 'not of the form { "<operator>": [ <operands> ] }')]
    if name not in _FORMS:
        return [Problem(expression, f'unknown operator: "{name}"')]
    least, most, expressions = _FORMS[name]
    faults = [problem for item in operands[:expressions] for problem in problems(item, depth + 1)]
    if not least <= len(operands) <= most:
        faults.insert(0, Problem(expression, f"{name} cannot have {len(operands)} operands"))
    elif name in ("plusTime", "extractFromUVCI") and not _is_literal_integer(operands[1]):
        faults.append(Problem(expression, f"operand 2 of {name} is not a literal integer"))
    if name == "plusTime" and len(operands) == 3 and operands[2] not in UNITS:
        faults.append(Problem(expression, f"operand 3 of plusTime is none of {', '.join(UNITS)}"))
    return faults


def _is_literal_integer(value: Any) -> bool:
    return not isinstance(value, bool) and is_integer(value)


def desugared(expression: Any) -> Any:
    """Rewrite `or`, which CertLogic lacks, by De Morgan: for authors, before publishing.

    The result is a yes or no, not the first truthy operand.
    """
    if isinstance(expression, list):
        return [desugared(item) for item in expression]
    if not isinstance(expression, dict):
        return expression
    rewritten = {name: desugared(operands) for name, operands in expression.items()}
    alternatives = rewritten.get("or")
    if len(rewritten) == 1 and isinstance(alternatives, list) and len(alternatives) > 1:
        return {"!": [{"and": [{"!": [item]} for item in alternatives]}]}
    return rewritten


def data_accesses(expression: Any) -> set[str]:
    """Paths of all data that an expression may look at; those inside `reduce` excepted."""
    if isinstance(expression, list):
        return {path for item in expression for path in data_accesses(item)}
    if not isinstance(expression, dict):
        return set()
    paths: set[str] = set()
    for name, operands in expression.items():
        if name == "var" and isinstance(operands, str):
            paths.add(operands)
        elif name == "reduce" and isinstance(operands, list):
            paths |= data_accesses(operands[0:1]) | data_accesses(operands[2:])
        else:
            paths |= data_accesses(operands)
    return paths
