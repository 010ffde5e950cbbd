"""An id is a row's; what people and protocols see is a number, and is called so."""

import ast
from collections.abc import Iterator

from tests.contracts import source

NUMBERED = frozenset({"merchant_id", "app_id", "user_id"})
# What the protocol calls so: its forms, answers and payloads, and the programs of merchants.
PROTOCOL = (
    "lab.buggy_merchant",
    "lab.examples.",
    "lab.mock_merchant.",
    "lab.services.",
    "merchants.gateway.methods.",
    "merchants.notifications.webhook_payload",
    "merchants.protocol.persons",
)
TEXTS = ("str", "str | None", "'str'")


def texts(tree: ast.AST) -> Iterator[str]:
    """Each parameter, field and column of text that is called an id, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            name, kind = node.arg, ast.unparse(node.annotation)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name, kind = node.target.id, ast.unparse(node.annotation)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            kind = "str" if ast.unparse(node.value).startswith("models.CharField(") else ""
        else:
            continue
        if name in NUMBERED and kind in TEXTS:
            yield f"{name}, line {node.lineno}"


def test_no_text_is_called_an_id() -> None:
    riddles = {
        module.name: list(texts(module.tree))
        for module in source.modules()
        if not module.name.replace("/", ".").startswith(PROTOCOL)
    }
    assert {name: lines for name, lines in riddles.items() if lines} == {}


def test_a_text_that_is_called_an_id_is_seen() -> None:
    parameter = "def find(*, merchant_id: str) -> None: ...\n"
    field = "class App:\n    app_id: str\n"
    column = "class User:\n    user_id = models.CharField(max_length=16)\n"
    row = "def find(*, merchant_id: uuid.UUID) -> None: ...\n"
    assert [len(list(texts(ast.parse(it)))) for it in (parameter, field, column, row)] == [
        1, 1, 1, 0,
    ]  # fmt: skip
