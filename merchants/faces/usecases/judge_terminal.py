"""Certify a terminal, or revoke its certification, as an operator."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.errors import Conflict
from merchants.faces import rules
from merchants.faces.models import FaceTerminal
from merchants.faces.values import TerminalState


class TerminalRevoked(Conflict):
    """A revoked terminal is never believed again."""

    code = "face_terminal_revoked"
    message = "This terminal has been revoked for good."


def certify_terminal(*, terminal_id: uuid.UUID, actor: str) -> FaceTerminal:
    """Believe a terminal from now on. Again changes nothing.

    Raises:
        rules.TerminalNotFound: there is none.
        TerminalRevoked: it was revoked before.

    Locks: the terminal.
    """
    return _move(terminal_id, TerminalState.CERTIFIED, actor)


def revoke_terminal(*, terminal_id: uuid.UUID, actor: str) -> FaceTerminal:
    """Believe a terminal no longer; its tokens end at once. Again changes nothing.

    Raises:
        rules.TerminalNotFound: there is none.

    Locks: the terminal.
    """
    return _move(terminal_id, TerminalState.REVOKED, actor)


@transactions.atomic_retry
def _move(terminal_id: uuid.UUID, state: TerminalState, actor: str) -> FaceTerminal:
    terminal = FaceTerminal.objects.select_for_update().filter(id=terminal_id).first()
    if terminal is None:
        raise rules.TerminalNotFound()
    if terminal.state == state:
        return terminal
    if terminal.state == TerminalState.REVOKED:
        raise TerminalRevoked()
    before, terminal.state, terminal.state_changed_at = terminal.state, state, clock.now()
    terminal.save(update_fields=["state", "state_changed_at"])
    record(
        action=f"face_terminal.{state.value.lower()}",
        actor=actor,
        target=f"face_terminal:{terminal.serial}",
        purpose="whether a terminal's word is believed",
        before={"state": before},
        after={"state": terminal.state},
    )
    return terminal
