"""Addresses that are called or opened later have one reader; a door beside it is found."""

import ast
import dataclasses
from collections.abc import Iterator

import pytest

from merchants.gateway.dispatcher import APP_METHODS, METHODS
from merchants.gateway.schema import Form
from tests.contracts import source

READER = "merchants/gateway/schema.py"
# It measures what may be stored, before any method is asked.
LENGTH = "merchants/gateway/endpoint.py"
ADDRESSES = {"notify_url", "return_url", "sign_notify_url", "quit_url"}


def doors(tree: ast.Module) -> Iterator[int]:
    """Lines on which an address is read out of an envelope."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"text", "get"}
            and ast.unparse(node.func.value).endswith(("envelope", "raw"))
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and node.args[0].value in {"notify_url", "return_url", b"notify_url", b"return_url"}
        ):
            yield node.lineno


def test_no_method_reads_an_address_by_itself() -> None:
    gateway = [one for one in source.modules() if one.name.startswith("merchants/gateway/")]
    found = {module.name for module in gateway if any(doors(module.tree))}
    assert found <= {READER, LENGTH}


def test_a_door_added_on_purpose_is_found() -> None:
    for text in (
        'url = call.envelope.text("notify_url")',
        'url = envelope.raw.get(b"notify_url", b"")',
        'url = envelope.text("return_url")',
    ):
        assert list(doors(ast.parse(text))), text


@pytest.mark.parametrize("name", [*METHODS, *APP_METHODS])
def test_an_address_in_a_form_is_declared_as_one(name: str) -> None:
    form: type[Form] = (METHODS.get(name) or APP_METHODS[name]).form
    seen, waiting = set(), [form]
    while waiting:
        one = waiting.pop()
        seen.add(one)
        for field in dataclasses.fields(one):
            inner = field.metadata["parts"]
            if inner is not None and inner not in seen:
                waiting.append(inner)
            if field.name in ADDRESSES:
                assert field.metadata.get("address"), (one.__name__, field.name)
