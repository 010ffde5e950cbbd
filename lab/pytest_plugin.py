"""A pytest plugin: a Saoma world for a test suite, put back before each test.

`saoma` is the world, started once a session and reset before each test that asks for it:

    def test_pays(saoma):
        code = saoma.code("li")
        ...
        saoma.advance(days=1)

The plugin needs no Django and no checkout: it starts `saoma up` beside the tests.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lab.cli.remote import call
from lab.mock_merchant.client import Client
from lab.mock_merchant.settings import Settings

START_S = 400.0


@dataclass
class World:
    """A running world: its facts, and what a test does with it."""

    url: str
    facts: dict[str, Any]
    resets_ms: list[float] = field(default_factory=list)

    def reset(self) -> None:
        """Put the world back as it was seeded."""
        started = time.perf_counter()
        call(self.url, "reset", {})
        self.resets_ms.append((time.perf_counter() - started) * 1000)

    def advance(self, **span: float) -> dict[str, Any]:
        """Move the clock by `timedelta(**span)`; gives what fired."""
        answer: dict[str, Any] = call(
            self.url, "clock/advance", {"by_s": int(timedelta(**span).total_seconds())}
        )
        return answer

    def code(self, person: str) -> str:
        """A fresh payment code on somebody's phone."""
        return str(call(self.url, "codes", {"person": person})["code"])

    def pay(self, person: str, payload: str) -> dict[str, Any]:
        """Hold somebody's phone to a code, and pay."""
        paid: dict[str, Any] = call(self.url, "payments", {"person": person, "payload": payload})
        return paid

    def person(self, key: str) -> dict[str, Any]:
        """Somebody as they stand now: balance and colour."""
        return next(row for row in call(self.url, "world")["people"] if row["key"] == key)

    def shop(self, key: str, notify_url: str = "") -> Client:
        """The reference client of a seeded shop."""
        shop = next(row for row in self.facts["shops"] if row["key"] == key)
        return Client(
            Settings(
                gateway_url=self.facts["gateway_url"],
                app_id=shop["app_id"],
                app_private_key=Path(shop["app_private_key_file"]).read_text(encoding="ascii"),
                gateway_public_key=self.facts["gateway_public_key"],
                notify_url=notify_url,
            )
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare `--saoma-seed`."""
    parser.addoption("--saoma-seed", default="", help="a seed file for the Saoma world")


@pytest.fixture(scope="session")
def saoma_world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The world, started once; use `saoma` in tests."""
    seed = request.config.getoption("--saoma-seed")
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        words = ["up", "--ephemeral", "--port", "0", "--ready-file", str(ready)]
        process = subprocess.Popen(
            [sys.executable, "-m", "lab.cli.main", *words, *(["--seed", seed] if seed else [])],
            stdout=subprocess.DEVNULL,
        )
        try:
            world = _wait(process, ready)
            yield world
        finally:
            process.terminate()
            process.wait(20)
    if world.resets_ms:
        middle = sorted(world.resets_ms)[len(world.resets_ms) // 2]
        print(f"\nsaoma: {len(world.resets_ms)} resets, median {middle:.0f} ms")


@pytest.fixture
def saoma(saoma_world: World) -> World:
    """The world as it was seeded."""
    saoma_world.reset()
    return saoma_world


def _wait(process: "subprocess.Popen[bytes]", ready: Path) -> World:
    end = time.monotonic() + START_S
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > end:
            pytest.exit("saoma up did not start", returncode=3)
        time.sleep(0.02)
    facts = json.loads(ready.read_text(encoding="utf-8"))
    return World(facts["url"], facts)
