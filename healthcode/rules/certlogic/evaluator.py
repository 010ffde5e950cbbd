"""CertLogic (1.3.3) evaluated: an expression becomes a function of data.

Pure and total: on any JSON the function returns a value or raises CertLogicError,
nothing else, and it always ends; there is no loop but `reduce`. What is wrong with an
expression shows only when that part is reached, as operands are evaluated lazily.

Compiling once and calling often is what makes a dozen rules a decision cheap.
"""

import operator
import re
from collections.abc import Callable
from typing import Any

from healthcode.rules.certlogic.dates import UNITS, date_of_birth, plus_time, to_text
from healthcode.rules.certlogic.values import (
    CertLogicError,
    Data,
    Evaluator,
    Moment,
    is_integer,
    same,
    truth,
)

MAX_DEPTH = 100
_INDEX = re.compile("[0-9]{1,9}")
_INDEX = re.compile("[0-9]{1,9}")
_SEPARATORS = re.compile("[/#:]")
_UVCI_PREFIX = "URN:UVCI:"
_INTEGER_ORDER = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
_MOMENT_ORDER = {
    "before": operator.lt,
    "after": operator.gt,
    "not-after": operator.le,
    "not-before": operator.ge,
}


def evaluate(expression: Any, data: Data) -> Data:
    """Evaluate an expression on data.

    Raises:
        CertLogicError: it means nothing, in general or on this data.
    """
    return compiled(expression)(data)


def compiled(expression: Any, depth: int = 0) -> Evaluator:
    """Turn an expression into a function; errors in it are raised when it is called."""
    if depth > MAX_DEPTH:
        return _failing(f"the expression is nested deeper than {MAX_DEPTH}")
    if isinstance(expression, str | bool):
        return lambda data: expression
    if isinstance(expression, int | float) and is_integer(expression):
        whole = int(expression)
        return lambda data: whole
    if isinstance(expression, list):
        items = [compiled(item, depth + 1) for item in expression]
        return lambda data: [item(data) for item in items]
    if isinstance(expression, dict):
        return _operation(expression, depth)
    return _failing(f"invalid CertLogic expression: {expression!r:.80}")


def to_json(value: Data) -> Data:
    """A result in JSON's terms: moments become text."""
    if isinstance(value, Moment):
        return to_text(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


def _failing(reason: str) -> Evaluator:
    def fail(data: Data) -> Data:
        raise CertLogicError(reason)

    return fail


def _operation(expression: dict[str, Any], depth: int) -> Evaluator:
    if len(expression) != 1:
        return _failing("an expression object has exactly one key")
    [(name, operands)] = expression.items()
    if name == "var":
        return _var(operands)
    if not isinstance(operands, list) or not operands:
        return _failing('an operation has the form {"<operator>": [<operands>]}')
    operation = _OPERATIONS.get(name)
    if operation is None:
        return _failing(f"unknown operator: {name!r:.80}")
    build, least, most = operation
    if not least <= len(operands) <= most:
        return _failing(f"{name} cannot have {len(operands)} operands")
    return build(name, operands, depth + 1)


def _var(path: Any) -> Evaluator:
    if not isinstance(path, str):
        return _failing("var takes a path in text")
    if path == "":
        return lambda data: data
    steps = [(step, int(step) if _INDEX.fullmatch(step) else None) for step in path.split(".")]

    def access(data: Data) -> Data:
        for name, index in steps:
            if isinstance(data, dict):
                data = data.get(name)
            elif isinstance(data, list) and index is not None and index < len(data):
                data = data[index]
            else:
                return None
        return data

    return access


def _if(name: str, operands: list[Any], depth: int) -> Evaluator:
    guard, then, otherwise = (compiled(operand, depth) for operand in operands)

    def choose(data: Data) -> Data:
        return then(data) if _yes(guard(data), name) else otherwise(data)

    return choose


def _yes(value: Data, name: str) -> bool:
    answer = truth(value)
    if answer is None:
        raise CertLogicError(f"an operand of {name} is neither truthy nor falsy")
    return answer


def _and(name: str, operands: list[Any], depth: int) -> Evaluator:
    parts = [compiled(operand, depth) for operand in operands]

    def conjunction(data: Data) -> Data:
        value: Data = True
        for part in parts:
            value = part(data)
            if not _yes(value, name):
                return value
        return value

    return conjunction


def _not(name: str, operands: list[Any], depth: int) -> Evaluator:
    operand = compiled(operands[0], depth)
    return lambda data: not _yes(operand(data), name)


def _equal(name: str, operands: list[Any], depth: int) -> Evaluator:
    left, right = (compiled(operand, depth) for operand in operands)
    return lambda data: same(left(data), right(data))


def _in(name: str, operands: list[Any], depth: int) -> Evaluator:
    member, members = (compiled(operand, depth) for operand in operands)

    def contained(data: Data) -> bool:
        value, values = member(data), members(data)
        if not isinstance(values, list):
            raise CertLogicError("the right-hand side of in is not an array")
        return any(same(value, item) for item in values)

    return contained


def _plus(name: str, operands: list[Any], depth: int) -> Evaluator:
    left, right = (compiled(operand, depth) for operand in operands)

    def add(data: Data) -> int:
        first, second = left(data), right(data)
        if not (is_integer(first) and is_integer(second)):
            raise CertLogicError("the operands of + are not all integers")
        return int(first) + int(second)

    return add


def _order(name: str, operands: list[Any], depth: int) -> Evaluator:
    parts = [compiled(operand, depth) for operand in operands]
    holds: Callable[[Any, Any], bool] = {**_INTEGER_ORDER, **_MOMENT_ORDER}[name]
    of_moments = name in _MOMENT_ORDER

    def ordered(data: Data) -> bool:
        values = [part(data) for part in parts]
        for value in values:
            if not (isinstance(value, Moment) if of_moments else is_integer(value)):
                kind = "date-times" if of_moments else "integers"
                raise CertLogicError(f"the operands of {name} are not all {kind}")
        return all(map(holds, values, values[1:]))

    return ordered


def _plus_time(name: str, operands: list[Any], depth: int) -> Evaluator:
    text, (amount, unit) = compiled(operands[0], depth), operands[1:]
    if isinstance(amount, bool) or not is_integer(amount):
        return _failing("the amount of plusTime is not a literal integer")
    if unit not in UNITS:
        return _failing(f"the unit of plusTime is not one of {', '.join(UNITS)}")
    whole = int(amount)

    def later(data: Data) -> Moment:
        value = text(data)
        if not isinstance(value, str):
            raise CertLogicError("the date operand of plusTime is not a string")
        return plus_time(value, whole, unit)

    return later


def _reduce(name: str, operands: list[Any], depth: int) -> Evaluator:
    items, step, initial = (compiled(operand, depth) for operand in operands)

    def reduce_step(data: Data) -> Data:
        values, accumulator = items(data), initial(data)
        if values is None:
            return accumulator
        if not isinstance(values, list):
            raise CertLogicError("the operand of reduce is not an array")
        for current in values:
            accumulator = step({"accumulator": accumulator, "current": current})
        return accumulator

    return reduce_step


def _extract_from_uvci(name: str, operands: list[Any], depth: int) -> Evaluator:
    operand, index = compiled(operands[0], depth), operands[1]
    if isinstance(index, bool) or not is_integer(index):
        return _failing("the index of extractFromUVCI is not a literal integer")
    position = int(index)

    def fragment(data: Data) -> str | None:
        uvci = operand(data)
        if uvci is None:
            return None
        if not isinstance(uvci, str):
            raise CertLogicError("the operand of extractFromUVCI is not a string")
        fragments = _SEPARATORS.split(uvci.removeprefix(_UVCI_PREFIX))
        return fragments[position] if 0 <= position < len(fragments) else None

    return fragment


def _dcc_date_of_birth(name: str, operands: list[Any], depth: int) -> Evaluator:
    operand = compiled(operands[0], depth)

    def born(data: Data) -> Moment:
        text = operand(data)
        if not isinstance(text, str):
            raise CertLogicError("the operand of dccDateOfBirth is not a string")
        return date_of_birth(text)

    return born


_MANY = 1 << 16
Build = Callable[[str, list[Any], int], Evaluator]
# Each operator: what builds it, and how many operands it has, at least and at most.
_OPERATIONS: dict[str, tuple[Build, int, int]] = {
    "if": (_if, 3, 3),
    "and": (_and, 2, _MANY),
    "!": (_not, 1, 1),
    "===": (_equal, 2, 2),
    "in": (_in, 2, 2),
    "+": (_plus, 2, 2),
    **dict.fromkeys((*_INTEGER_ORDER, *_MOMENT_ORDER), (_order, 2, 3)),
    "plusTime": (_plus_time, 3, 3),
    "reduce": (_reduce, 3, 3),
    "extractFromUVCI": (_extract_from_uvci, 2, 2),
    "dccDateOfBirth": (_dcc_date_of_birth, 1, 1),
}
