"""Public test vectors, read in place; tests that need them are skipped where they are not.

The suite needs none of them: what it must know is made by tests/factories and tests/samples.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "vectors"


def folder() -> Path:
    """Where the vectors are: SAOMA_VECTORS, or beside the checkout."""
    return Path(os.environ.get("SAOMA_VECTORS", DEFAULT))


def load(name: str) -> Any:
    """Read one JSON file of vectors; skips the calling test if it is absent."""
    path = folder() / name
    if not path.is_file():
        pytest.skip(f"no test vectors at {path}")
    return json.loads(path.read_text(encoding="utf-8"))


def cases(name: str, member: str = "cases") -> list[Any]:
    """The cases of one file, to parametrize by; none where the file is absent.

    A test that is parametrized by none is skipped, and the rest of its module runs.
    `member` "" reads a file that is a list itself.
    """
    path = folder() / name
    if not path.is_file():
        return []
    content = json.loads(path.read_text(encoding="utf-8"))
    return list(content[member] if member else content)
