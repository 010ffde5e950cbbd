"""Register terminals: fixed gates by a secret, guards' phones by a key of their own."""

import secrets
import uuid
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric import ec

from config.kernel import clock, transactions
from config.kernel.audit import chain
from config.kernel.errors import Gone
from healthcode.codec.keys import compressed
from healthcode.decisions.usecases.claim_keys import claim_keys
from healthcode.decisions.usecases.register_source import withdraw_source
from healthcode.verification import queries, rules
from healthcode.verification.models import Terminal, TerminalInvite
from healthcode.verification.values import TerminalMode


class InviteInvalid(Gone):
    """Nobody invited with this word, or it was used, or its minutes are over."""

    code: ClassVar[str] = "invite_invalid"
    message: ClassVar[str] = "This invitation is not good any more; ask for another."


@transactions.atomic_retry
def register_terminal(*, venue_id: uuid.UUID, label: str, actor: str) -> tuple[Terminal, str]:
    """Register a terminal; its secret is given once and kept as a hash.

    It identifies nobody until two operators let it: `let_terminal_identify`.

    Returns:
        the terminal and its credential, `id.secret`.
    """
    secret = secrets.token_urlsafe(32)
    terminal = Terminal.objects.create(
        venue_id=venue_id, label=label, secret_hash=queries.secret_hash(secret)
    )
    chain.record(action="health.register_terminal", actor=actor, target=f"terminal:{terminal.id}")
    return terminal, f"{terminal.id}.{secret}"


@transactions.atomic_retry
def invite_terminal(*, venue_id: uuid.UUID, label: str, mode: TerminalMode, actor: str) -> str:
    """Invite a phone or gate to register with a key of its own, within INVITE_LIFE.

    Returns:
        the word to type in there; it is kept as a hash.
    """
    word = secrets.token_hex(6).upper()
    invite = TerminalInvite.objects.create(
        venue_id=venue_id,
        label=label,
        mode=mode,
        word_hash=queries.secret_hash(word),
        made_by=actor,
        expires_at=clock.now() + rules.INVITE_LIFE,
    )
    chain.record(action="health.invite_terminal", actor=actor, target=f"invite:{invite.id}")
    return word


@transactions.atomic_retry
def enrol_terminal(*, word: str, public_key: ec.EllipticCurvePublicKey) -> Terminal:
    """Register what was invited; the word is good for one key.

    Raises:
        InviteInvalid: there is no such invitation any more.
        KeyOfSomebodyElse: another terminal, a phone or a body has the key.

    Locks: the invitation.
    """
    invite = queries.invite_by(word, at=clock.now())
    if invite is None:
        raise InviteInvalid(field="invitation")
    terminal = Terminal.objects.create(
        venue=invite.venue,
        label=invite.label,
        mode=invite.mode,
        public_key=compressed(public_key),
    )
    claim_keys([public_key], party=f"terminal:{terminal.id}", field="public_key")
    invite.terminal = terminal
    invite.save(update_fields=["terminal"])
    chain.record(
        action="health.register_terminal", actor=invite.made_by, target=f"terminal:{terminal.id}",
        after={"mode": terminal.mode, "own_key": True},
    )  # fmt: skip
    return terminal


@transactions.atomic_retry
def revoke_terminal(*, terminal_id: uuid.UUID, actor: str) -> Terminal:
    """Take a terminal out of force; again changes nothing.

    Raises:
        Terminal.DoesNotExist: there is no such terminal.

    Locks: the terminal; then its registration as a source.
    """
    terminal = Terminal.objects.select_for_update().get(id=terminal_id)
    if terminal.revoked_at is None:
        terminal.revoked_at = clock.now()
        terminal.save(update_fields=["revoked_at"])
        if terminal.registration_id is not None:
            withdraw_source(registration_id=terminal.registration_id, actor=actor)
        chain.record(action="health.revoke_terminal", actor=actor, target=f"terminal:{terminal.id}")
    return terminal
