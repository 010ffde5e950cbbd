"""Let what a terminal reads of identity cards prove who was there: two people decide."""

import uuid
from collections.abc import Sequence
from typing import ClassVar

from config.kernel import transactions
from config.kernel.errors import NotFound
from healthcode.decisions.usecases.register_source import (
    NAME_CHARACTERS,
    SourceRefused,
    check_not_registered,
    enter_source,
)
from healthcode.decisions.values import SourceKind
from healthcode.verification.models import Terminal


class TerminalUnknown(NotFound):
    """There is no terminal of that id."""

    code: ClassVar[str] = "terminal_unknown"
    message: ClassVar[str] = "There is no such terminal."


def terminal_of(name: object) -> Terminal:
    """A terminal by its id, with its venue and registration.

    Raises:
        TerminalUnknown: there is none, or no id.
    """
    try:
        terminal_id = uuid.UUID(str(name))
    except ValueError as error:
        raise TerminalUnknown(field="terminal") from error
    terminal = (
        Terminal.objects.select_related("venue", "registration").filter(id=terminal_id).first()
    )
    if terminal is None:
        raise TerminalUnknown(field="terminal")
    return terminal


def source_name(terminal: Terminal) -> str:
    """What a card reader is called among the sources."""
    return f"{terminal.id} {terminal.label}"[:NAME_CHARACTERS].strip()


def check_reader(terminal: Terminal) -> None:
    """Check that a terminal is in force and identifies nobody yet.

    Raises:
        SourceRefused: it is revoked, or identifies already.
    """
    if terminal.revoked_at is not None:
        raise SourceRefused(field="terminal", reason="revoked")
    check_not_registered(terminal.registration)


@transactions.atomic_retry
def let_terminal_identify(
    *, terminal_id: uuid.UUID, maker: str, checkers: Sequence[str], approval_id: uuid.UUID
) -> Terminal:
    """Let a terminal's card reader prove presence from now on; the same approval does it once.

    Raises:
        TerminalUnknown: there is none.
        SourceRefused: see `check_reader`; or too few people.

    Locks: the terminal.
    """
    Terminal.objects.select_for_update().filter(id=terminal_id).first()
    terminal = terminal_of(terminal_id)
    registration = terminal.registration
    if registration is not None and registration.approval_id == approval_id:
        return terminal
    check_reader(terminal)
    terminal.registration = enter_source(
        kind=SourceKind.TERMINAL,
        name=source_name(terminal),
        maker=maker,
        checkers=checkers,
        approval_id=approval_id,
    )
    terminal.save(update_fields=["registration"])
    return terminal
