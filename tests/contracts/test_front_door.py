"""The wallet's front door hands out what somebody uses, and nothing else."""

import ast

from tests.contracts import source
from wallet import public

DOOR = "wallet.public"


def uses(tree: ast.Module) -> set[str]:
    """The names of the front door that one file uses."""
    used: set[str] = set()
    aliases: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == DOOR:
            used |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module == "wallet":
            aliases |= {alias.asname or alias.name for alias in node.names}
    return used | {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in aliases
    }


def test_every_name_of_the_front_door_is_used_by_somebody() -> None:
    files = (*source.modules(), *source.suite_modules())
    used = set[str]().union(*(uses(module.tree) for module in files))
    assert sorted(set(public.__all__) - used) == []


def test_a_use_is_found_however_it_is_imported() -> None:
    text = "from wallet import public as wallet\nwallet.pay()\nfrom wallet.public import refund"
    assert uses(ast.parse(text)) == {"pay", "refund"}
