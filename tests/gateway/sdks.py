"""Merchants' client libraries, unmodified, each in an environment of its own.

An environment is built by the ordinary package client on first use and kept under
`var/sdk/` (ignored by git). Where none can be built, because there is no network or no
Node, the tests that need it are skipped and say so.
"""

import fcntl
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "var" / "sdk"
DRIVERS = Path(__file__).parent / "drivers"
BUILD_S = 180
RUN_S = 120


@dataclass(frozen=True, slots=True)
class Sdk:
    """One library at one version, and the driver that speaks for it."""

    package: str
    version: str
    driver: str

    @property
    def folder(self) -> Path:
        """Where its environment is kept."""
        return KEPT / f"{self.package}-{self.version}"

    @property
    def in_node(self) -> bool:
        """Whether it runs on Node rather than Python."""
        return self.driver.endswith((".mjs", ".cjs"))


SDKS = (
    Sdk("alipay-sdk-python", "3.7.1411", "official_python.py"),
    Sdk("python-alipay-sdk", "3.4.0", "fzlee_python.py"),
    Sdk("alipay-sdk", "4.14.0", "official_node.mjs"),
)

# Many shops still run it; it calls what the later one calls and stands in no table.
EARLIER_NODE = Sdk("alipay-sdk", "3.6.2", "official_node_3.cjs")

# Libraries whose rules tests/gateway/cutouts.py restates; none of them is run.
RESTATED = ["alipay-sdk-java", "alipay-sdk-php-all", "gopay", "smartwalle", "yansongda/pay"]
_called: set[tuple[str, str]] = set()


def build(sdk: Sdk) -> None:
    """Make the library's environment unless it is there; skips the test where it cannot."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{sdk.folder.name}.lock").open("w") as lock:
        # Parallel test processes take turns: the second finds what the first has built.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _build(sdk)


def _build(sdk: Sdk) -> None:
    ready = sdk.folder / "ready"
    if ready.exists():
        return
    shutil.rmtree(sdk.folder, ignore_errors=True)
    sdk.folder.mkdir(parents=True)
    try:
        for command in _build_commands(sdk):
            subprocess.run(
                command, cwd=sdk.folder, check=True, capture_output=True, timeout=BUILD_S
            )
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"{sdk.package} {sdk.version} could not be installed: {error}")
    ready.write_text(sdk.version, encoding="utf-8")


def drive(sdk: Sdk, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Run the library's driver through `facts["steps"]`; one answer a step."""
    program = ["node"] if sdk.in_node else [str(sdk.folder / "bin" / "python"), "-W", "ignore"]
    done = subprocess.run(
        [*program, str(DRIVERS / sdk.driver)],
        input=json.dumps(facts | {"sdk_folder": str(sdk.folder)}),
        capture_output=True,
        text=True,
        timeout=RUN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    _note(sdk, facts["steps"], answers)
    return answers


def write_record(path: Path) -> None:
    """Write down which library has called which method in this run: the console shows it."""
    methods = sorted({method for _, method in _called})
    rows = [
        {"method": method, "cells": [(sdk.driver, method) in _called for sdk in SDKS]}
        for method in methods
    ]
    record = {
        "sdks": [{"package": sdk.package, "version": sdk.version} for sdk in SDKS],
        "methods": rows,
        "restated": RESTATED,
    }
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _note(sdk: Sdk, steps: list[dict[str, Any]], answers: list[dict[str, Any]]) -> None:
    """Remember what a library called and took the answer of."""
    for step, answer in zip(steps, answers, strict=True):
        if "method" in step and "refused_by_sdk" not in answer:
            _called.add((sdk.driver, step["method"]))


def _build_commands(sdk: Sdk) -> list[list[str]]:
    pinned = f"{sdk.package}@{sdk.version}" if sdk.in_node else f"{sdk.package}=={sdk.version}"
    if sdk.in_node:
        return [["npm", "init", "-y"], ["npm", "install", "--no-audit", "--no-fund", pinned]]
    return [
        [sys.executable, "-m", "venv", "."],
        # Not compiled: thousands of modules, of which a program reads a few.
        ["bin/python", "-m", "pip", "install", "--quiet", "--no-compile", pinned],
    ]
