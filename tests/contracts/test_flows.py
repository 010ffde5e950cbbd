"""No way out that nobody has written down: the source and the API against the declaration."""

import ast
import re
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from config.kernel.data_flows import ANSWER, FLOWS, named
from tests.contracts.source import ROOT, Module, modules, opens_connections

ABSOLUTE = re.compile(
    r"""(?:fetch\(|sendBeacon\(|WebSocket\(|EventSource\(|src=|action=)\s*["'`](https?:)?//"""
)


def dotted(module: Module) -> str:
    return module.name.removesuffix(".py").replace("/", ".")


def test_every_module_that_opens_connections_is_declared() -> None:
    opening = {dotted(module) for module in modules() if opens_connections(module)}
    declared = {flow.name for flow in FLOWS if flow.kind != ANSWER}
    assert opening == declared


def health_operations() -> dict[str, Any]:
    """Operations of the health API, by name, with how callers prove who they are."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return {
        operation["operationId"]: operation.get("security", [])
        for path, methods in schema["paths"].items()
        if path.startswith("/api/v1/health/")
        for operation in methods.values()
        if isinstance(operation, dict)
    }


def test_every_answer_to_others_than_the_person_is_declared() -> None:
    operations = health_operations()
    usual = operations["read_health"]
    others = {name for name, security in operations.items() if security != usual}
    declared = {flow.name for flow in FLOWS if flow.kind == ANSWER}
    assert sorted(others - declared) == [], "declare these in config/kernel/data_flows.py"
    assert sorted(declared - others) == []


def test_an_undeclared_way_out_would_be_found() -> None:
    for text in ("import requests", "from http import client", "from urllib.request import urlopen",
                 "import asyncio\nloop.create_connection(x)", "import socket\nsocket.socket()",
                 "import socket\nmake = socket.socket"):  # fmt: skip
        assert opens_connections(Module(ROOT / "x.py", ast.parse(text), 1))
    for text in (
        "import json",
        "import socket\nsocket.socket(fileno=3).shutdown(socket.SHUT_RDWR)",
    ):
        assert not opens_connections(Module(ROOT / "x.py", ast.parse(text), 1))
    assert named("police") is None


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_declaration_says_to_whom_what_and_what_for(flow: Any) -> None:
    assert all((flow.to, flow.data, flow.purpose))
    assert named(flow.name) is flow


def test_pages_and_scripts_call_nobody_else() -> None:
    files = [
        path
        for pattern in ("*/**/templates/**/*.html", "*/**/static/**/*.js", "*/**/static/**/*.mjs")
        for path in ROOT.glob(pattern)
        if "vendor" not in path.parts and ".venv" not in path.parts
    ]
    assert [str(path) for path in files if ABSOLUTE.search(path.read_text("utf-8"))] == []
