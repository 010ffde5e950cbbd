"""A journal of a merchant's money bears the merchant's business day, never the calendar's."""

import ast

from tests.contracts.source import Module, modules

# Suspense is the house's own money: its days are the house's.
OWN_BOOKS = frozenset({"merchants/reconciliation/usecases/close_break.py"})
CALENDAR = frozenset({"today", "house_day"})


def is_dated_by_the_calendar(module: Module) -> bool:
    """Whether a module gives a `business_date` straight from the kernel's clock."""
    dates = (
        keyword.value
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "business_date"
    )
    return any(
        isinstance(date, ast.Call)
        and isinstance(date.func, ast.Attribute)
        and date.func.attr in CALENDAR
        for date in dates
    )


def test_merchants_journals_are_dated_by_the_merchants_cut_off() -> None:
    dated = {
        module.name
        for module in modules()
        if module.name.startswith("merchants/") and is_dated_by_the_calendar(module)
    }
    assert dated == OWN_BOOKS
