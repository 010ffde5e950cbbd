"""What two people decide about terminals: that one identifies people by their cards."""

from config.kernel import approvals
from healthcode.decisions.usecases.register_source import registrations_of, target_of
from healthcode.decisions.values import SourceKind
from healthcode.verification.usecases.let_terminal_identify import (
    check_reader,
    let_terminal_identify,
    source_name,
    terminal_of,
)

LET_IDENTIFY = "health.let_terminal_identify"


def show_terminal(parameters: approvals.Parameters) -> approvals.Facts:
    """Which terminal, where."""
    terminal = terminal_of(parameters.get("terminal"))
    return {
        "terminal": approvals.Link(
            terminal.label, "health_verification.Terminal", str(terminal.id)
        ),
        "venue": terminal.venue.name,
    }


def state_of_terminal(parameters: approvals.Parameters) -> approvals.Facts:
    """Whether it is in force, and identifies already."""
    terminal = terminal_of(parameters.get("terminal"))
    return {
        "revoked": terminal.revoked_at is not None,
        **registrations_of(SourceKind.TERMINAL, source_name(terminal)),
    }


def check(parameters: approvals.Parameters) -> None:
    """A terminal in force that identifies nobody yet."""
    check_reader(terminal_of(parameters.get("terminal")))


def foretell(_: approvals.Parameters) -> approvals.Facts:
    """What its readings are worth from then on."""
    return {
        "what it reads of cards": approvals.change("a look-up", "proof that somebody was there"),
        "tracing": "may rest on it",
    }


def target(parameters: approvals.Parameters) -> str:
    """The terminal, as a source."""
    return target_of(SourceKind.TERMINAL, source_name(terminal_of(parameters.get("terminal"))))


@approvals.action(
    LET_IDENTIFY,
    title="Let a terminal identify people by their cards",
    parameters={"terminal": show_terminal},
    target=target,
    state=state_of_terminal,
    check=check,
    effect=foretell,
)
def execute_reader(approved: approvals.Approved) -> approvals.Facts:
    """Let an approved terminal identify."""
    terminal = let_terminal_identify(
        terminal_id=terminal_of(approved.parameters["terminal"]).id,
        **approved.signatures,
    )
    return {"terminal": str(terminal.id)}
