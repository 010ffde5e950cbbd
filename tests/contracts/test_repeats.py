"""What has been done is answered again, whatever has become of those who did it.

The answer to a request may be lost, and its sender repeats it: later, with a PIN locked in the
meantime, by a frozen payer, to a suspended merchant, after the order's time is over. Each use
case that has a key or asks for a PIN is tried so, or says why there is nothing to repeat: in
`repeats.py` beside the tests of its slice, as CASES and ELSEWHERE.
"""

import ast
import importlib
from collections.abc import Callable

import pytest

from tests.contracts.source import ROOT
from tests.factories.accounts import PIN
from tests.factories.repeats import Step, World

PRODUCT = ("wallet", "merchants", "healthcode")
KEYS = {"key", "request_no"}
JUDGES = {"check_pin", "judge_sale", "check_seller"}
MODULES = [
    importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for path in sorted((ROOT / "tests" / "usecases").rglob("repeats.py"))
]
CASES: dict[str, Callable[[World], Step]] = {
    name: case for module in MODULES for name, case in getattr(module, "CASES", {}).items()
}
ELSEWHERE = {name for module in MODULES for name in getattr(module, "ELSEWHERE", {})}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_a_repeat_is_answered_as_the_first_time_whatever_has_become_of_them(name: str) -> None:
    world = World()
    act = CASES[name](world)
    first = act(PIN)
    world.turns()
    assert act("000000") == first


def keyed() -> set[str]:
    """Use cases that have a key of their caller's, ask for a PIN, or judge a seller."""
    names = set()
    for top in PRODUCT:
        for path in (ROOT / top).rglob("usecases/*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    words = {one.arg for one in node.args.args + node.args.kwonlyargs}
                    calls = {
                        getattr(call.func, "attr", getattr(call.func, "id", ""))
                        for call in ast.walk(node)
                        if isinstance(call, ast.Call)
                    }
                    if words & KEYS or calls & JUDGES:
                        names.add(node.name)
    return names


def test_every_use_case_with_a_key_or_a_pin_is_tried() -> None:
    assert keyed() - set(CASES) - ELSEWHERE == set()
    assert keyed() >= ELSEWHERE
