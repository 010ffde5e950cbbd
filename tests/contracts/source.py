"""Reading the product's own source: files, functions, imports."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOPS = ("config", "wallet", "merchants", "healthcode", "lab")
# What opens connections. `select`, TLS helpers and servers' own sockets open none.
CLIENTS = {
    "aiohttp", "asyncio.open_connection", "ftplib", "http.client", "httpx", "requests", "smtplib",
    "socket", "socketio", "telnetlib", "urllib.request", "urllib3", "websockets",
    "django.core.mail",
}  # fmt: skip


@dataclass(frozen=True)
class Module:
    """One source file."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def name(self) -> str:
        """Its path within the repository."""
        return str(self.path.relative_to(ROOT))


@functools.cache
def modules() -> tuple[Module, ...]:
    """All source files of the product, migrations and empty files left out."""
    return tuple(_read(path) for top in TOPS for path in _files(ROOT / top))


@functools.cache
def suite_modules() -> tuple[Module, ...]:
    """All files of the suite."""
    return tuple(_read(path) for path in _files(ROOT / "tests"))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.py")):
        parts = set(path.relative_to(ROOT).parts)
        if not parts & {"migrations", "node_modules"} and path.read_text(encoding="utf-8").strip():
            yield path


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path, ast.parse(text), text.count("\n"))


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module, at any depth."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring (prose is not complexity)."""
    end = node.end_lineno or node.lineno
    total = end - node.lineno + 1
    if ast.get_docstring(node) is not None:
        prose = node.body[0]
        total -= (prose.end_lineno or prose.lineno) - prose.lineno + 1
    return total


def opens_connections(module: Module) -> bool:
    """Whether a module imports a client of a network protocol, or connects a loop.

    Who takes hold of a socket that is open already (`fileno=`), to shut it, opens none.
    """
    for node in ast.walk(module.tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            if names == ["socket"] and _only_takes_hold(module.tree):
                continue
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and node.attr in {"create_connection", "send_mail"}:
            return True
        if CLIENTS & set(names):
            return True
    return False


def _only_takes_hold(tree: ast.AST) -> bool:
    """Whether all that is done with the module `socket` is to wrap one by its file number."""
    wraps = {
        id(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and [word.arg for word in node.keywords] == ["fileno"]
    }
    uses = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "socket"
    ]
    return all(id(node) in wraps or node.attr.startswith("SHUT_") for node in uses)
