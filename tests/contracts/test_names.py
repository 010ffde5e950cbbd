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


def participles(tree: ast.AST) -> int:
    """How many names of functions' parameters and locals are participles, once a function."""
    count = 0
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            bound = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)} | {
                node.id
                for node in ast.walk(function)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            count += len(bound & PARTICIPLES)
    return count


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
    assert {name: count for name, count in riddles.items() if count} == {}


def test_a_riddle_added_on_purpose_is_found() -> None:
    assert participles(ast.parse("def f(known):\n    found = known\n")) == 2
    assert words("VouchForPayer") & {"vouch"}
    assert words("vouch_for") & {"vouch"}
