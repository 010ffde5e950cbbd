"""One word, one meaning: the glossary in ARCHITECTURE, held against the source's names."""

import ast
import re
from collections.abc import Iterator

from tests.contracts import source

# Locals and parameters that bear no noun.
PARTICIPLES = frozenset(
    {"asked", "done", "found", "given", "held", "kept", "known", "made", "named", "said", "shown",
     "taken", "told", "wanted"}
)  # fmt: skip


def glossary() -> list[tuple[str, list[str]]]:
    """Each term of the table with the words that stand for it nowhere."""
    text = (source.ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.partition("| term | means | never |")[2]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ")]
    return [(term.strip(), re.findall(r"`(\w+)`", never)) for term, _, never in rows]


def names(module: source.Module) -> Iterator[str]:
    """The names of a module, of its classes and of its functions."""
    yield module.path.stem if module.path.stem != "__init__" else module.path.parent.name
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def words(name: str) -> set[str]:
    """What a name is made of: snake case or camel case, in small letters."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def participles(tree: ast.AST) -> list[tuple[str, int]]:
    """Functions' parameters and locals that are participles, each with its first line."""
    lines: dict[tuple[str, str], int] = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.arg):
                    lines.setdefault((function.name, node.arg), node.lineno)
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    lines.setdefault((function.name, node.id), node.lineno)
    return sorted({(name, line) for (_, name), line in lines.items() if name in PARTICIPLES})


def test_a_term_stands_once_in_the_glossary() -> None:
    terms = [part.strip() for term, _ in glossary() for part in term.split(",")]
    assert len(terms) >= 20
    assert sorted(terms) == sorted(set(terms))


def test_no_name_uses_another_word_for_a_term() -> None:
    never = {word: term for term, others in glossary() for word in others}
    assert len(never) >= 10
    clashes = [
        (module.name, name, never[word])
        for module in source.modules()
        for name in names(module)
        for word in words(name) & set(never)
    ]
    assert clashes == []


def test_locals_bear_nouns_and_no_participles() -> None:
    riddles = {module.name: participles(module.tree) for module in source.modules()}
    assert {name: lines for name, lines in riddles.items() if lines} == {}


def test_a_riddle_added_on_purpose_is_found() -> None:
    assert participles(ast.parse("def f(known):\n    found = known\n")) == [
        ("found", 2),
        ("known", 1),
    ]
    assert words("VouchForPayer") & {"vouch"}
    assert words("vouch_for") & {"vouch"}
