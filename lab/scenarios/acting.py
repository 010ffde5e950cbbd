"""What acts have in common."""

from collections.abc import Callable
from typing import Any

from lab.mock_merchant.client import Answer

Facts = dict[str, Any]
Act = Callable[..., Facts]


def acts_of(*functions: Act) -> dict[str, Act]:
    """A table of acts by their names."""
    return {function.__name__: function for function in functions}


def answered(answer: Answer) -> Facts:
    """The gateway's answer as facts: its code, its reason, and the method's own fields."""
    return {"code": answer.code, "sub_code": answer.sub_code, **answer.fields}
