"""Clients in PHP and Java that follow their SDKs' rules, run where the language is found."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.gateway.world import Shop

DRIVERS = Path(__file__).parent / "drivers"
RUN_S = 120


@dataclass(frozen=True, slots=True)
class RuleClient:
    """One client: the programs it needs, and the command that runs its driver."""

    language: str
    programs: tuple[str, ...]
    command: tuple[str, ...]


CLIENTS = (
    RuleClient("PHP", ("php",), ("php", str(DRIVERS / "rules_php.php"))),
    # Since Java 11 a single source file runs without a build.
    RuleClient("Java", ("java", "javac"), ("java", str(DRIVERS / "RulesJava.java"))),
)


def call(method: str, **content: Any) -> str:
    """One step: a call of a method."""
    return f"call\t{method}\t{json.dumps(content, ensure_ascii=False)}"


def notification(parameters: dict[str, str]) -> str:
    """One step: whether a notification is believed."""
    return f"notification\t{urlencode(parameters)}"


def run(client: RuleClient, shop: Shop, gateway: str, steps: list[str]) -> list[dict[str, Any]]:
    """Run a client through steps; one answer a step.

    Skips the test where the language is not installed.
    """
    if not all(map(shutil.which, client.programs)):
        pytest.skip(f"no {client.language} on this machine")
    key = load_pem_private_key(shop.private_pem.encode(), None)
    pkcs8 = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    arguments = (gateway, shop.app.app_number, one_line(pkcs8), one_line(shop.gateway_pem))
    process = subprocess.run(
        [*client.command, *arguments],
        input="\n".join(steps) + "\n",
        capture_output=True,
        text=True,
        timeout=RUN_S,
        check=False,
    )
    assert process.returncode == 0, process.stderr[-2000:]
    return [json.loads(line) for line in process.stdout.splitlines()]


def one_line(pem: str) -> str:
    """A PEM's Base64 in one line, without its armour."""
    return "".join(line for line in pem.splitlines() if not line.startswith("-----"))
