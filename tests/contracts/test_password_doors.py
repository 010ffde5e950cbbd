"""Every way to somebody's password counts wrong tries by the caller's address too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.source import ROOT

PRODUCT = ("config", "wallet", "merchants", "healthcode", "lab")
# Functions that take a password without judging it, and why.
NO_DOORS = {
    "check_password": "the shape of a new password",
    "register_user": "makes an account",
    "_normalised": "the shape of a new account",
    "start_developer": "makes an account",
    "_judged": "behind user_with_password, which has counted the address",
    "create_user": "makes an account",
    "create_superuser": "makes an account",
    "break_glass": "sets a password that it has made itself, at the shell",
    "load_pem_private_key": "a key file",
    "load_der_private_key": "a key file",
    # The address is read from the request that is handed over.
    "sign_in": "takes the request",
    "authenticate": "takes the request",
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for top in PRODUCT:
        for path in sorted((ROOT / top).rglob("*.py")):
            if "migrations" not in path.parts and path.parts[-2] != "mock_merchant":
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def doors_left_open(tree: ast.Module) -> list[str]:
    """Functions that take a password and may go without an address; calls that do."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name not in NO_DOORS:
            if "password" in required(node) and "address" not in required(node):
                found.append(f"{node.name} (line {node.lineno})")
        elif isinstance(node, ast.Call) and name_of(node) not in NO_DOORS:
            keywords = {keyword.arg for keyword in node.keywords}
            if "password" in keywords and "address" not in keywords:
                found.append(f"call of {name_of(node)} (line {node.lineno})")
    return found


def required(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names of the parameters that have no default."""
    words = node.args
    positional = [*words.posonlyargs, *words.args]
    names = {argument.arg for argument in positional[: len(positional) - len(words.defaults)]}
    pairs = zip(words.kwonlyargs, words.kw_defaults, strict=True)
    return names | {argument.arg for argument, default in pairs if default is None}


def name_of(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_door_to_a_password_needs_the_callers_address() -> None:
    open_doors = {
        str(path.relative_to(ROOT)): found
        for path, tree in sources()
        if (found := doors_left_open(tree))
    }
    assert open_doors == {}


def test_addresses_come_from_one_place() -> None:
    """Nobody reads a header or a socket's peer for itself."""
    readers = [
        str(path.relative_to(ROOT))
        for path, _ in sources()
        if any(
            word in path.read_text(encoding="utf-8")
            for word in ("REMOTE_ADDR", "X_FORWARDED_FOR", "x-forwarded-for")
        )
    ]
    assert readers == ["config/http/address.py"]


@pytest.mark.parametrize(
    "door",
    [
        "def sign(*, phone: str, password: str) -> None: ...",
        'def sign(*, password: str, address: str = "") -> None: ...',
        "wallet.open_session(phone=phone, password=password)",
        'login(password=request.POST.get("password", ""))',
    ],
)
def test_a_door_added_without_an_address_is_found(door: str) -> None:
    assert doors_left_open(ast.parse(door)) != []
