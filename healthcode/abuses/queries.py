"""The book, read from its files."""

from pathlib import Path

import yaml

from healthcode.abuses.values import Abuse

BOOK = Path(__file__).parent / "book"


def abuses() -> list[Abuse]:
    """Every scenario, by name; a file is called as its scenario. `TypeError` on another field."""
    return [
        Abuse(name=path.stem, **yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(BOOK.glob("*.yaml"))
    ]
