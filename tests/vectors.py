"""Public test vectors, read in place; tests that need them are skipped where they are not."""

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
    """Read one JSON file of vectors; skips the calling test or module if it is absent."""
    path = folder() / name
    if not path.is_file():
        pytest.skip(f"no test vectors at {path}", allow_module_level=True)
    return json.loads(path.read_text(encoding="utf-8"))
