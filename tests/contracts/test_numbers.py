"""The numbers that the house holds to: sizes, docstrings, imports, time."""

import ast
import statistics

import pytest

from tests.contracts.source import Module, functions, length, modules, suite_modules

MEDIAN_FILE = 100
LONGEST_FILE = 500
LONGEST_FUNCTION = 60
MEDIAN_TEST = 15
DEEPEST = 4
DOCUMENTED = ("usecases", "queries", "rules")
CLOCK_HOMES = {
    "config/kernel/clock.py", "config/kernel/logs.py", "config/kernel/usecases/set_clock.py",
}  # fmt: skip


def test_prints_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    source, tests = modules(), suite_modules()
    lines = [module.lines for module in source]
    sizes = sorted(length(node) for module in source for node in functions(module))
    of_tests = [length(n) for m in tests for n in functions(m) if n.name.startswith("test_")]
    ratio = sum(module.lines for module in tests) / sum(lines)
    with capsys.disabled():
        print(
            f"\n{len(source)} files, {sum(lines)} lines, median {statistics.median(lines):.0f},"
            f" longest {max(lines)}; functions median {statistics.median(sizes):.0f},"
            f" p95 {sizes[int(len(sizes) * 0.95)]}, longest {sizes[-1]};"
            f" tests {len(of_tests)}, median {statistics.median(of_tests):.0f},"
            f" tests to source {ratio:.2f}"
        )
    assert statistics.median(of_tests) <= MEDIAN_TEST


def test_files_are_short() -> None:
    source = modules()
    assert statistics.median(module.lines for module in source) <= MEDIAN_FILE
    assert [module.name for module in source if module.lines > LONGEST_FILE] == []


def test_functions_are_short() -> None:
    long = [
        f"{module.name}:{node.lineno} {node.name} {length(node)}"
        for module in modules()
        for node in functions(module)
        if length(node) > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_it_is() -> None:
    assert [m.name for m in modules() if ast.get_docstring(m.tree) is None] == []


def test_public_functions_of_the_core_are_documented() -> None:
    bare = [
        f"{module.name}:{node.lineno} {node.name}"
        for module in modules()
        if set(module.path.parts) & set(DOCUMENTED) or module.path.stem in DOCUMENTED
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert bare == []


def test_nothing_is_imported_inside_a_function() -> None:
    inside = [
        f"{module.name}:{inner.lineno}"
        for module in modules()
        for node in functions(module)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_only_the_clock_asks_the_system_for_the_time() -> None:
    found = [
        f"{m.name}:{line}" for m in modules() if m.name not in CLOCK_HOMES for line in clocks(m)
    ]
    assert found == []


def clocks(module: Module) -> list[int]:
    """Lines that read the system's clock."""
    forbidden = {
        ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
        ("time", "time"), ("time", "time_ns"), ("timezone", "now"),
    }  # fmt: skip
    return [
        node.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in forbidden
    ]


def test_folders_are_never_deeper_than_a_verb_in_a_slice() -> None:
    deep = [
        module.name
        for module in modules()
        if len(module.path.relative_to(module.path.parents[0]).parts) > DEEPEST
        or (
            len(module.name.split("/")) > DEEPEST
            and "management" not in module.name
            and "kernel" not in module.name
        )
    ]
    assert deep == []


def test_nothing_is_left_open() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "Not" + "ImplementedError", "pragma: " + "no cover")
    left = [
        f"{module.name}: {mark}"
        for module in modules()
        for mark in marks
        if mark in module.path.read_text(encoding="utf-8")
    ]
    assert left == []


def test_no_module_is_named_for_nothing() -> None:
    vague = {"utils", "helpers", "common", "misc", "util"}
    assert [m.name for m in modules() if m.path.stem in vague] == []
