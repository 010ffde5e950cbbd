"""Whatever can be approved can be asked for: each action has a door in some transport."""

import ast

import pytest

from config.kernel.approvals import registry
from tests.contracts.source import Module, modules

ACTIONS = [entry.name for entry in registry.actions() if not entry.name.startswith("tests.")]
TRANSPORTS = frozenset({"admin", "views", "pages"})


def named(module: Module) -> dict[str, str]:
    """Constants of a module that are names of actions."""
    return {
        target.id: node.value.value
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and node.value.value in ACTIONS
    }


def dotted(module: Module) -> str:
    return module.name.removesuffix(".py").replace("/", ".")


CONSTANTS = {
    (dotted(module), constant): action
    for module in modules()
    for constant, action in named(module).items()
}


def is_transport(module: Module) -> bool:
    stem = module.path.stem
    pages = stem in TRANSPORTS or stem.endswith("_admin")
    return pages or "/management/commands/" in module.name


def asked_for(tree: ast.Module) -> set[str]:
    """The actions that a module names: by what it imports, or through the module it imports."""
    found: set[str] = set()
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = CONSTANTS.get((node.module, alias.name))
                if name and _is_used(tree, alias.asname or alias.name):
                    found.add(name)
                aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = CONSTANTS.get((aliases.get(node.value.id, ""), node.attr))
            found |= {name} if name else set()
        if isinstance(node, ast.Constant) and node.value in ACTIONS:
            found.add(str(node.value))
    return found


def _is_used(tree: ast.Module, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))


ASKED_FOR = {
    action for module in modules() if is_transport(module) for action in asked_for(module.tree)
}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_can_be_asked_for(action: str) -> None:
    assert action in ASKED_FOR


def test_an_import_that_nobody_uses_is_no_door() -> None:
    source = "from healthcode.rules.tasks import PUBLISH"
    assert asked_for(ast.parse(source)) == set()
    assert asked_for(ast.parse(f"{source}\nask(PUBLISH)")) == {"health.publish_rules"}
