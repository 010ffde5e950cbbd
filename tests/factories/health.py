"""People, gates and codes for tests of the health code, by the real use cases."""

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from rest_framework.test import APIClient

from config.kernel import clock, timetable
from config.kernel.outbox import relay
from healthcode.decisions.models import Decision
from healthcode.decisions.usecases.report_health import declare_health
from healthcode.evidence.models import Evidence
from healthcode.evidence.usecases.declare_risk_area import declare_risk_area
from healthcode.evidence.usecases.record_evidence import record_evidence
from healthcode.evidence.values import EvidenceKind, RiskLevel, Source
from healthcode.passes.values import PassKind
from healthcode.public import mint_code_for
from healthcode.subjects.models import Guardianship, Subject
from healthcode.subjects.usecases.decide_guardianship import (
    approve_guardianship,
    consent_to_guardianship,
)
from healthcode.subjects.usecases.request_guardianship import request_guardianship
from healthcode.subjects.values import DocumentType, GuardianshipState, Identity, Proof, Relation
from healthcode.verification.models import Terminal, Venue
from healthcode.verification.usecases.let_terminal_identify import let_terminal_identify
from healthcode.verification.usecases.register_terminal import register_terminal
from healthcode.verification.usecases.register_venue import register_venue
from tests.factories.accounts import client_of, make_user
from tests.factories.clock import later as let_pass

WUHAN = "420100"


@dataclass
class Person:
    """Somebody with a health code, known by an opaque id."""

    holder_id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def subject(self) -> Subject:
        """Their row."""
        return Decision.objects.filter(subject_id=self.subject_id).latest("seq").subject

    @property
    def subject_id(self) -> uuid.UUID:
        """Their id in the health code."""
        return self._subject_id

    def declare(self, key: str = "", region: str = "", **answers: Any) -> Decision:
        """Declare health; without answers, a clean one. In a new region they have moved."""
        decision = declare_health(
            holder_id=self.holder_id,
            answers={"symptoms": [], **answers},
            identity=self.identity,
            region=region,
            key=key,
        )
        self._subject_id = decision.subject_id
        return decision

    @property
    def identity(self) -> Identity:
        """A passport of their own."""
        number = f"E{self.holder_id.int % 10**12:012}"
        return Identity("张三", DocumentType.PASSPORT, number, date(1990, 2, 14))

    def evidence(
        self, kind: EvidenceKind, source: Source = Source.LABORATORY, **payload: Any
    ) -> Evidence:
        """Something somebody reports about them, now."""
        return record_evidence(
            subject_id=self.subject_id,
            kind=kind,
            source=source,
            source_ref=str(uuid.uuid4()),
            observed_at=clock.now(),
            payload=payload,
        )

    def code(self, kind: PassKind = PassKind.APP) -> str:
        """A fresh code."""
        return mint_code_for(self.holder_id, kind=kind).text


def make_person(**answers: Any) -> Person:
    """Somebody who has just declared."""
    person = Person()
    person.declare(**answers)
    return person


@dataclass
class Gate:
    """A venue with one terminal, and its credential."""

    venue: Venue
    terminal: Terminal
    credential: str

    def client(self) -> APIClient:
        """What the terminal calls with."""
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Terminal {self.credential}")
        return client

    def verify(self, code: str, **said: Any) -> Any:
        """Show a code to the gate."""
        body = {"code": code, **said}
        return self.client().post("/api/v1/health/codes/verify", body, format="json")


def make_gate(name: str = "Library", *, reads_cards: bool = False, **wishes: Any) -> Gate:
    """A venue that admits green, with a terminal."""
    venue = register_venue(name=name, region="330100", **wishes)
    terminal, credential = register_terminal(venue_id=venue.id, label="Gate 1", actor="system:test")
    if reads_cards:
        let_terminal_identify(
            terminal_id=terminal.id, maker="mia", checkers=["carl"], approval_id=uuid.uuid4()
        )
    return Gate(
        venue, Terminal.objects.select_related("venue__policy").get(id=terminal.id), credential
    )


def make_risk_area(region: str = WUHAN, level: RiskLevel = RiskLevel.MEDIUM) -> None:
    """A region at risk for a month past."""
    declare_risk_area(
        region=region,
        level=level,
        valid_from=clock.now() - timedelta(days=30),
        valid_until=None,
        declared_by="operator:test",
    )


def make_guardianship(guardian: Subject, dependent: Person, **changes: Any) -> Guardianship:
    """A guardianship that two operators granted and the dependent took, by the real steps."""
    row = request_guardianship(
        guardian=guardian,
        identity=dependent.identity,
        relation=Relation.PARENT,
        proof=Proof.HOUSEHOLD_REGISTER,
        proof_reference="HB-12",
        **changes,
    )
    row = approve_guardianship(guardianship_id=row.id, maker="officer", checker="approver")
    if row.state == GuardianshipState.AWAITING_CONSENT:
        row = consent_to_guardianship(dependent=dependent.subject, guardianship_id=row.id)
    return row


def trip(until: datetime, region: str = WUHAN, days: int = 2) -> dict[str, str]:
    """A trip's declaration."""
    begin = until - timedelta(days=days)
    return {"region": region, "arrived_at": begin.isoformat(), "left_at": until.isoformat()}


@dataclass
class Phone:
    """A logged-in wallet user's phone."""

    client: APIClient

    def post(self, path: str, body: Any = None, **headers: Any) -> Any:
        """POST to the health API."""
        return self.client.post(f"/api/v1/health/{path}", body or {}, format="json", **headers)

    def get(self, path: str) -> Any:
        """GET from the health API."""
        return self.client.get(f"/api/v1/health/{path}")

    def colour(self) -> str:
        """The colour on the screen."""
        return str(self.get("me").json()["colour"])

    def code(self) -> str:
        """A fresh code."""
        return str(self.post("codes").json()["code"])


_numbers = itertools.count(1)


def new_identity(name: str = "张三") -> dict[str, str]:
    """A passport of somebody's own, as it is typed."""
    number = f"E9{next(_numbers):07}"
    return {"name": name, "document_type": "20", "document_number": number}


def make_phone(name: str = "Li Hua") -> Phone:
    """A citizen's phone."""
    return Phone(client_of(make_user(name=name)))


def later(**span: float) -> None:
    """Let `timedelta(**span)` pass at one bound and do what is due of the health code.

    `advance` of the clock's own factory stops at every job of the whole product on the way.
    """
    let_pass(**span)
    for name in timetable.due_names(clock.now()):
        if name.startswith("health."):
            timetable.run(name, clock.now())
    relay.drain()


def settle() -> None:
    """Let everything that was written to the outbox happen."""
    relay.drain()
