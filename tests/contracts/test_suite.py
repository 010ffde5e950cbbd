"""How the suite itself is built."""

import ast
from collections.abc import Iterator

from tests.contracts.source import Module, suite_modules


def imported(module: Module) -> Iterator[str]:
    """Every dotted name that a module imports, with what is taken from it."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_of_a_test_module(name: str) -> bool:
    """Whether a dotted name is that of a test module, or of something in it."""
    parts = name.split(".")
    return parts[0] == "tests" and any(part.startswith("test_") for part in parts)


def test_no_module_imports_a_test_module() -> None:
    """One that is skipped would take the other along; what is shared lives beside them."""
    wrong = [
        (module.name, name)
        for module in suite_modules()
        for name in imported(module)
        if is_of_a_test_module(name)
    ]
    assert wrong == []


def test_an_import_of_a_test_module_is_seen() -> None:
    assert is_of_a_test_module("tests.usecases.healthcode.test_decide.override")
    assert is_of_a_test_module("tests.http.healthcode.test_agreements")
    assert not is_of_a_test_module("tests.factories.health.make_person")
