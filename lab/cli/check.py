"""`saoma check URL`: declared here, done in `lab.grader`."""

from typing import Any


def declare(commands: Any) -> None:
    """Declare `check`."""
