"""For every action of the approvals: something to ask for, and how its target moves meanwhile.

Where a target can be changed and changed back, `move` does both: only its version tells.
Each area of the house has its cases in a module of its own.
"""

from collections.abc import Callable

from tests.factories import (
    account_cases,
    health_cases,
    merchant_cases,
    operator_cases,
    settlement_cases,
)
from tests.factories.operator_cases import Case

CASES: dict[str, Callable[[], Case]] = {
    **account_cases.CASES,
    **merchant_cases.CASES,
    **settlement_cases.CASES,
    **health_cases.CASES,
    **operator_cases.CASES,
}
