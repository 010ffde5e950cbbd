"""The table of who may change what somebody's colour rests on, and on what authority. Pure.

Each row is one passage: who acts, how many others must have approved, what kinds of
evidence it may report and from which source, whether it may take evidence back, set a
colour by hand or end one. `usecases.change_evidence` is the one way through; a test
compares the table with every module that writes evidence, overrides or decisions.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from config.kernel.errors import Refused
from healthcode.evidence.values import FINDINGS, KINDS, TESTS, EvidenceKind, Source

_K = EvidenceKind


class AuthorityRefused(Refused):
    """The passage does not carry what is asked of it, or too few people stand behind it."""

    code: ClassVar[str] = "authority_refused"
    message: ClassVar[str] = "Nobody may change a colour like this."


class Passage(StrEnum):
    """Ways by which something reaches a person's colour."""

    SELF_REPORT = "SELF_REPORT"
    DESK = "DESK"
    LABORATORY = "LABORATORY"
    PLACED = "PLACED"
    CLINICIAN = "CLINICIAN"
    CLINICIAN_DESK = "CLINICIAN_DESK"
    CERTIFICATE = "CERTIFICATE"
    REVOCATION = "REVOCATION"
    OVERRIDE = "OVERRIDE"
    OVERRIDE_OF_MANY = "OVERRIDE_OF_MANY"
    LIST = "LIST"
    LIST_ENDED = "LIST_ENDED"
    TRACING = "TRACING"
    CONTACTS = "CONTACTS"
    FINDING = "FINDING"
    AREA = "AREA"
    APPEAL = "APPEAL"
    RETURN = "RETURN"


class Actor(StrEnum):
    """Who acts. `OPERATOR` takes a name, and approvals as the passage says."""

    SUBJECT = "subject"
    LABORATORY = "laboratory"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class PassageRow:
    """What a passage may carry.

    Args:
        actor: who acts.
        approvals: how many others must have approved, all of them different people.
        kinds: what may be reported through it.
        sources: in whose name.
        retracts: whether it may take evidence back.
        overrides: whether it may set a colour by hand, or end one.
    """

    actor: Actor
    approvals: int = 0
    kinds: frozenset[EvidenceKind] = frozenset()
    sources: frozenset[Source] = frozenset()
    retracts: bool = False
    overrides: bool = False


def _sent_by(source: Source) -> frozenset[EvidenceKind]:
    return frozenset(kind for kind, row in KINDS.items() if source in row.senders)


_LISTED = frozenset({_K.CONTACT, _K.CONTACT_OF_CONTACT, _K.QUARANTINE_START})
_S, _L = frozenset({Source.SELF}), frozenset({Source.LABORATORY})
_A, _T = frozenset({Source.AUTHORITY}), frozenset({Source.TRACING})

PASSAGES: Mapping[Passage, PassageRow] = {
    Passage.SELF_REPORT: PassageRow(Actor.SUBJECT, kinds=_sent_by(Source.SELF), sources=_S),
    Passage.DESK: PassageRow(Actor.OPERATOR, kinds=frozenset({_K.DECLARATION}), sources=_S),
    Passage.LABORATORY: PassageRow(Actor.LABORATORY, kinds=TESTS, sources=_L, retracts=True),
    # Two operators say whom a report is about that nobody could place.
    Passage.PLACED: PassageRow(Actor.OPERATOR, approvals=1, kinds=TESTS, sources=_L, retracts=True),
    Passage.CLINICIAN: PassageRow(Actor.LABORATORY, kinds=TESTS, sources=_L),
    Passage.CLINICIAN_DESK: PassageRow(Actor.OPERATOR, approvals=1, kinds=TESTS, sources=_L),
    Passage.CERTIFICATE: PassageRow(
        Actor.SUBJECT,
        kinds=_sent_by(Source.CERTIFICATE),
        sources=frozenset({Source.CERTIFICATE}),
    ),
    # The issuer's list says that a certificate is good no more.
    Passage.REVOCATION: PassageRow(Actor.SYSTEM, retracts=True),
    Passage.OVERRIDE: PassageRow(Actor.OPERATOR, approvals=1, overrides=True),
    Passage.OVERRIDE_OF_MANY: PassageRow(Actor.OPERATOR, approvals=2, overrides=True),
    Passage.LIST: PassageRow(Actor.OPERATOR, approvals=2, kinds=_LISTED, sources=_A),
    Passage.LIST_ENDED: PassageRow(Actor.SYSTEM, retracts=True),
    Passage.TRACING: PassageRow(
        Actor.OPERATOR, approvals=2, kinds=frozenset({_K.VENUE_OVERLAP}), sources=_T
    ),
    Passage.CONTACTS: PassageRow(
        Actor.OPERATOR, approvals=2, kinds=frozenset({_K.CONTACT}), sources=_T
    ),
    Passage.FINDING: PassageRow(Actor.OPERATOR, approvals=1, kinds=frozenset(FINDINGS), sources=_A),
    # The area itself was declared by operators under four eyes, or by the seed of a demo.
    Passage.AREA: PassageRow(Actor.SYSTEM, kinds=frozenset({_K.AREA_STAY}), sources=_A),
    Passage.APPEAL: PassageRow(Actor.OPERATOR, approvals=1, retracts=True, overrides=True),
    # What was known of somebody before they were erased, or before they proved who they are.
    Passage.RETURN: PassageRow(
        Actor.SYSTEM, kinds=frozenset(EvidenceKind), sources=frozenset(Source), overrides=True
    ),
}

# Who writes what, by module: every one of them goes through the passages named here.
WRITERS: Mapping[str, tuple[Passage, ...]] = {
    "healthcode.appeals.usecases.decide_appeal": (Passage.APPEAL,),
    "healthcode.decisions.usecases.declare_trip": (Passage.SELF_REPORT,),
    "healthcode.decisions.usecases.import_list": (Passage.LIST, Passage.LIST_ENDED),
    "healthcode.decisions.usecases.raise_stays": (Passage.AREA,),
    "healthcode.decisions.usecases.receive_report": (Passage.LABORATORY, Passage.PLACED),
    "healthcode.decisions.usecases.record_finding": (Passage.FINDING,),
    "healthcode.decisions.usecases.register_person": (Passage.RETURN,),
    "healthcode.decisions.usecases.relocate": (Passage.SELF_REPORT,),
    "healthcode.decisions.usecases.report_health": (Passage.SELF_REPORT,),
    "healthcode.decisions.usecases.restore_stub": (Passage.RETURN,),
    "healthcode.decisions.usecases.set_override": (Passage.OVERRIDE, Passage.OVERRIDE_OF_MANY),
    "healthcode.decisions.usecases.sign_off_reading": (Passage.CLINICIAN, Passage.CLINICIAN_DESK),
    "healthcode.passes.usecases.import_certificate": (Passage.CERTIFICATE,),
    "healthcode.passes.usecases.take_revocations": (Passage.REVOCATION,),
    "healthcode.passes.usecases.issue_paper": (Passage.DESK,),
    "healthcode.tracing.usecases.trace": (Passage.TRACING, Passage.CONTACTS),
}


@dataclass(frozen=True, slots=True)
class Authority:
    """By whom, through which passage, and with whose approval something is changed.

    Args:
        passage: the way it comes.
        name: of the operator or laboratory; empty for the person and the system.
        approvers: the operators who approved, in order.
        approval_id: their approval; None where a passage takes none.
    """

    passage: Passage
    name: str = ""
    approvers: tuple[str, ...] = ()
    approval_id: uuid.UUID | None = None

    @property
    def actor(self) -> str:
        """As the audit log names it."""
        who = PASSAGES[self.passage].actor
        return f"{who.value}:{self.name}" if self.name else who.value

    @property
    def people(self) -> tuple[str, ...]:
        """The operators who stand behind it."""
        is_operator = PASSAGES[self.passage].actor is Actor.OPERATOR
        return (self.name, *self.approvers) if is_operator else ()


def check_people(authority: Authority) -> PassageRow:
    """Check that a passage has the people it takes, each of them another one.

    Raises:
        AuthorityRefused: nobody is named, or too few different people.
    """
    row = PASSAGES[authority.passage]
    if row.actor in {Actor.OPERATOR, Actor.LABORATORY} and not authority.name:
        raise AuthorityRefused(field="actor")
    if row.approvals and len({authority.name, *authority.approvers}) < row.approvals + 1:
        raise AuthorityRefused(field="approvers", needed=row.approvals)
    return row


def check_report(row: PassageRow, kind: EvidenceKind, source: Source) -> None:
    """Check that a passage may carry evidence of a kind from a source.

    Raises:
        AuthorityRefused: naming what it may not carry.
    """
    if kind not in row.kinds:
        raise AuthorityRefused(field="kind")
    if source not in row.sources:
        raise AuthorityRefused(field="source")
