"""Take a foreign certificate as evidence."""

import hashlib
import json
from typing import ClassVar

from config.kernel import clock, transactions
from config.kernel.errors import Conflict, Refused
from healthcode.codec.certificates import Trust, verify
from healthcode.codec.claims import Verified
from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import Decision
from healthcode.decisions.queries import in_force, rule_set_in_force
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import Trigger
from healthcode.evidence.values import Source
from healthcode.passes.externals import statements
from healthcode.passes.holders import is_about, named_by
from healthcode.passes.models import TrustedIssuer
from healthcode.passes.usecases.take_revocations import is_revoked, marks_of
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import identity_of


class CertificateOfSomebodyElse(Refused):
    """The certificate's name or date of birth is another, it has none, or we do not know ours."""

    code: ClassVar[str] = "certificate_of_somebody_else"
    message: ClassVar[str] = "The certificate does not match the identity of this code."


class CertificateTaken(Conflict):
    """A certificate belongs to one person, and another one has it."""

    code: ClassVar[str] = "certificate_taken"
    message: ClassVar[str] = "This certificate belongs to another health code."


@transactions.atomic_retry
def import_certificate(*, subject: Subject, payload: str) -> Decision:
    """Verify a certificate against the trusted issuers, record what it says, and decide.

    The string itself is not kept. Its issuer and its own identifier, hashed, name the
    evidence: importing it again, however it is written, records nothing new, and nobody
    else can import it.

    Raises:
        CertificateRefused: no trusted issuer stands for it, it does not hold now, or the
            issuer has revoked it.
        CertificateOfSomebodyElse: it names another person or nobody, or ours is not known.
        CertificateTaken: another health code has it.
    """
    at = clock.now()
    issuer, certificate = _verified(payload)
    marks = marks_of(certificate)
    if is_revoked(issuer, marks, at=at):
        raise CertificateRefused(Stage.REVOCATION, "revoked")
    _check_holder(subject, certificate)
    zone = rule_set_in_force(subject.region).zone
    for number, statement in enumerate(statements(certificate, at=at, zone=zone)):
        row = report(
            authority=Authority(Passage.CERTIFICATE),
            statement=Statement(
                subject_id=subject.id,
                kind=statement.kind,
                source=Source.CERTIFICATE,
                source_ref=f"{_identifier(certificate)}:{number}",
                observed_at=statement.observed_at,
                payload={
                    **statement.payload,
                    "trusted_issuer": issuer.name,
                    "revocable": marks,
                },
            ),
        )
        if row.subject_id != subject.id:
            raise CertificateTaken(field="payload")
    return decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)


def _identifier(certificate: Verified) -> str:
    """One name for one certificate: of its issuer and its own identifier, or its content.

    A signature can be written in several ways, and a string in many: neither is in it.
    """
    entries = [
        row
        for group in ("t", "v", "r")
        for row in (certificate.payload.get(group) or [])
        if isinstance(row, dict)
    ]
    identifiers = sorted(str(row["ci"]) for row in entries if row.get("ci"))
    own = identifiers or certificate.payload.get("jti") or certificate.payload
    text = json.dumps([certificate.kind, certificate.issuer, own], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _verified(payload: str) -> tuple[TrustedIssuer, Verified]:
    """Whose certificate it is, and what it says.

    Each trusted issuer is tried; the refusal that got furthest is the one to tell.
    """
    furthest = CertificateRefused(Stage.SIGNATURE, "no_trusted_issuer")
    stages = list(Stage)
    for issuer in TrustedIssuer.objects.filter(**in_force()).order_by("name"):
        jwks = issuer.jwks.get("keys", []) if isinstance(issuer.jwks, dict) else []
        trust = Trust(
            certificates=[issuer.certificate] if issuer.certificate else [],
            jwks=jwks,
            did_document=issuer.did_document,
        )
        try:
            return issuer, verify(payload, trust, at=clock.now())
        except CertificateRefused as refused:
            if stages.index(refused.stage) >= stages.index(furthest.stage):
                furthest = refused
    raise furthest


def _check_holder(subject: Subject, certificate: Verified) -> None:
    """Whoever a certificate names must be the person, by name and date of birth."""
    holder, identity = named_by(certificate), identity_of(subject)
    if holder is None or identity is None:
        raise CertificateOfSomebodyElse(field="payload")
    if not is_about(holder, name=identity.name, birth_date=identity.birth_date):
        raise CertificateOfSomebodyElse(field="payload")
