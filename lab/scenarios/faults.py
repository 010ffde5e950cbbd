"""The catalogue of faults: what can go wrong, what must hold, and the scenario that shows it."""

import functools
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "faults.yaml"


@functools.lru_cache(maxsize=1)
def catalogue() -> tuple[dict[str, Any], ...]:
    """Every fault, in the catalogue's order."""
    return tuple(yaml.safe_load(FILE.read_text(encoding="utf-8")))
