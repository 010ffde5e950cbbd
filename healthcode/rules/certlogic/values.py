"""The values of CertLogic, and which of them count as yes or no.

JSON values and moments in time. Truthy and falsy are disjoint, and some values (numbers
with a fraction) are neither: asking them for yes or no is an error.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from config.kernel.errors import InvalidRequest

Data = Any
Evaluator = Callable[[Data], Data]


class CertLogicError(InvalidRequest):
    """The expression, or the expression on this data, means nothing."""

    code: ClassVar[str] = "certlogic_error"
    message: ClassVar[str] = "The rule cannot be evaluated."

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A moment: milliseconds since 1970 in UTC."""

    ms: int


def is_integer(value: Data) -> bool:
    """Whether a value is a whole number; JSON does not tell 1 from 1.0, nor do we."""
    if type(value) is int:
        return True
    return isinstance(value, float) and value.is_integer()


def truth(value: Data) -> bool | None:
    """Yes for truthy, no for falsy, None for what is neither."""
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, str | list | dict):
        return len(value) > 0
    if isinstance(value, Moment):
        return True
    return value != 0 if is_integer(value) else None


def same(left: Data, right: Data) -> bool:
    """Equal without coercion: 1 is neither "1" nor true; 1 and 1.0 are one number."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right
    return type(left) is type(right) and bool(left == right)
