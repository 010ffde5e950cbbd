"""Compare the audit log with other tables that record the same acts.

A slice whose rows are told of in the log gives a witness, which compares them and names what
does not agree. Proving the chain asks every witness.
"""

from collections.abc import Callable, Iterator

from config.kernel.errors import invariant

# Gives a line for each thing that the log and the slice's own tables tell differently.
Witness = Callable[[], Iterator[str]]

_witnesses: dict[str, Witness] = {}


def witness(name: str, compare: Witness) -> None:
    """Register a witness; `name` is the slice's, unique."""
    other = _witnesses.get(name)
    invariant(
        other is None or other.__qualname__ == compare.__qualname__, f"one witness is called {name}"
    )
    _witnesses[name] = compare


def disagreements() -> list[str]:
    """What all witnesses find, in the order of their names."""
    return [line for _, compare in sorted(_witnesses.items()) for line in compare()]
