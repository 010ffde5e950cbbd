"""The front door of the health code: for the lab and for demonstrations.

Other apps enter here and nowhere else. Holders are named by their opaque id; nothing
about money comes in or goes out.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from config.kernel import clock, transactions
from healthcode.codec.cose import es256_signer
from healthcode.codec.keys import to_jwk
from healthcode.decisions import queries as decisions
from healthcode.decisions.models import Decision
from healthcode.decisions.usecases.read_standing import read_standing
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.decisions.usecases.register_source import register_laboratory
from healthcode.decisions.usecases.report_health import check_in, declare_health, report_trip
from healthcode.evidence.usecases.declare_risk_area import declare_risk_area
from healthcode.evidence.values import RiskLevel
from healthcode.passes.qr import svg
from healthcode.passes.usecases.mint_code import Minted, mint_code
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key
from healthcode.passes.values import PassKind
from healthcode.rules.values import Colour
from healthcode.subjects import queries as subjects
from healthcode.subjects.rules import DocumentInvalid, check_document
from healthcode.subjects.values import DocumentType, Identity, IdentityProof
from healthcode.verification.models import AccessLogEntry, Terminal, Venue
from healthcode.verification.queries import code_of
from healthcode.verification.usecases.record_checks import CheckResult
from healthcode.verification.usecases.register_terminal import register_terminal
from healthcode.verification.usecases.register_venue import register_venue
from healthcode.verification.usecases.verify_code import verify_code

RISK_REGION = "420100"
RISK_SINCE = datetime(2020, 1, 23, 2, 0, tzinfo=UTC)
HOME_REGION = "330100"

__all__ = [
    "CheckResult", "Citizen", "Colour", "Demo", "Minted", "PassKind", "access_outcomes",
    "check_in_clean", "colour_of", "colours_now", "gates_at", "jwk_of", "mint_bench_pass",
    "mint_code_for", "receive_report", "register_laboratory", "report_risk_trip", "seed_bench_gate",
    "seed_demo_health", "sign_as", "subject_id_of", "svg", "venue_code", "verify_at",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person to seed: the wallet user's id, and a made-up identity."""

    holder_id: uuid.UUID
    name: str
    document_number: str
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Demo:
    """What was seeded. `credential` is given only when the terminal is first made."""

    venue: Venue
    terminal: Terminal
    credential: str | None
    venue_code: str


@transactions.atomic_retry
def seed_demo_health(citizens: list[Citizen], *, venue_name: str = "Wulin Library") -> Demo:
    """Seed a venue with a gate, a risk area, and a clean declaration for each citizen.

    Safe to repeat: what is there stays.
    """
    ensure_signing_key()
    venue = Venue.objects.filter(name=venue_name).first()
    if venue is None:
        venue = register_venue(name=venue_name, region=HOME_REGION, address="Wulin Square 1")
    terminal = Terminal.objects.filter(venue=venue, revoked_at__isnull=True).first()
    credential = None
    if terminal is None:
        terminal, credential = register_terminal(
            venue_id=venue.id, label="Gate 1", actor="system:seed"
        )
    declare_risk_area(
        region=RISK_REGION,
        level=RiskLevel.MEDIUM,
        valid_from=RISK_SINCE,
        valid_until=None,
        declared_by="system:seed",
    )
    for citizen in citizens:
        _declare(citizen)
    return Demo(venue, terminal, credential, code_of(venue))


def _declare(citizen: Citizen) -> None:
    identity = Identity(
        name=citizen.name,
        document_type=_document_type(citizen.document_number),
        document_number=citizen.document_number,
        birth_date=citizen.birth_date or _born(citizen.document_number),
    )
    declare_health(
        holder_id=citizen.holder_id,
        answers={"symptoms": [], "temperature_tenths": 366},
        identity=identity,
        region=HOME_REGION,
        key="seed",
        proof=IdentityProof.SIMULATED,
    )


def _document_type(number: str) -> DocumentType:
    """A resident's card where the number is one, by its check character; else a passport."""
    try:
        check_document(DocumentType.ID_CARD, number)
    except DocumentInvalid:
        return DocumentType.PASSPORT
    return DocumentType.ID_CARD


def _born(number: str) -> date | None:
    """The birthday that a resident's card carries in its number; None of other documents."""
    if _document_type(number) is not DocumentType.ID_CARD:
        return None
    try:
        return datetime.strptime(number[6:14], "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        return None


def seed_bench_gate(name: str) -> str:
    """A venue and a terminal to measure with; returns the terminal's credential."""
    ensure_signing_key()
    venue = register_venue(name=name, region=HOME_REGION)
    return register_terminal(venue_id=venue.id, label="Gate 1", actor="system:bench")[1]


def mint_bench_pass(holder_id: uuid.UUID, device_key: ec.EllipticCurvePublicKey) -> str:
    """A pass of somebody who has just declared, bound to a device."""
    _declare(Citizen(holder_id, "Bench", f"B{holder_id.int % 10**12:012}"))
    subject = subjects.subject_of(holder_id)
    return mint_code(subject=subject, device_key=device_key).text


def colour_of(holder_id: uuid.UUID) -> Colour:
    """How a holder stands now; UNKNOWN without a health code."""
    decision: Decision | None = read_standing(holder_id=holder_id)
    return Colour(decision.colour) if decision else Colour.UNKNOWN


def report_risk_trip(holder_id: uuid.UUID) -> Colour:
    """Take down that a holder was in the seeded risk area until an hour ago; the colour after it.

    Raises:
        SubjectUnknown: the holder has no health code.
    """
    left_at = clock.now() - timedelta(hours=1)
    decision = report_trip(
        subject=subjects.subject_of(holder_id),
        region=RISK_REGION,
        arrived_at=left_at - timedelta(days=1),
        left_at=left_at,
    )
    return Colour(decision.colour)


def check_in_clean(holder_id: uuid.UUID) -> Colour:
    """A holder's daily check-in without symptoms; the colour after it."""
    return Colour(check_in(subject=subjects.subject_of(holder_id), answers={"symptoms": []}).colour)


def subject_id_of(holder_id: uuid.UUID) -> uuid.UUID:
    """The id under which the health code knows a holder.

    Raises:
        SubjectUnknown: the holder has no health code.
    """
    return subjects.subject_of(holder_id).id


def gates_at(venue_name: str) -> list[uuid.UUID]:
    """The terminals in use at a venue, oldest first."""
    rows = Terminal.objects.filter(venue__name=venue_name, revoked_at__isnull=True)
    return list(rows.order_by("id").values_list("id", flat=True))


def access_outcomes(holder_id: uuid.UUID) -> list[str]:
    """The outcomes of the checks of a holder's code, newest first, as its holder sees them."""
    rows = AccessLogEntry.objects.filter(subject=subjects.subject_of(holder_id)).order_by("-id")
    return list(rows.values_list("outcome", flat=True))


def jwk_of(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public half of a key as a JWK, as laboratories are registered with."""
    return to_jwk(key.public_key())


def sign_as(key: ec.EllipticCurvePrivateKey, text: bytes) -> bytes:
    """Sign bytes with ES256, as laboratories sign their reports."""
    return es256_signer(key)(text)


def mint_code_for(holder_id: uuid.UUID, *, kind: PassKind = PassKind.APP) -> Minted:
    """Mint a code for a holder; a SPECIMEN is refused by every gate.

    Raises:
        SubjectUnknown: the holder has no health code.
    """
    return mint_code(subject=subjects.subject_of(holder_id), kind=kind)


def verify_at(terminal_id: uuid.UUID, code: str) -> CheckResult:
    """Judge a code as a terminal would, with the same record of it.

    Raises:
        Terminal.DoesNotExist: there is no such terminal.
    """
    terminal = Terminal.objects.select_related("venue__policy").get(id=terminal_id)
    return verify_code(terminal=terminal, code=code)


def venue_code(venue_id: uuid.UUID) -> str:
    """The code on a venue's wall.

    Raises:
        Venue.DoesNotExist: there is no such venue.
    """
    return code_of(Venue.objects.get(id=venue_id))


def colours_now() -> dict[str, int]:
    """How many people stand at each colour."""
    return decisions.colours_now()
