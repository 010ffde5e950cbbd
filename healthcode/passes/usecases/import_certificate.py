"""Take a foreign certificate as evidence."""

import hashlib
from typing import ClassVar

from config.kernel import clock, transactions
from config.kernel.errors import Refused
from healthcode.codec.certificates import Trust, verify
from healthcode.codec.claims import Verified
from healthcode.codec.errors import CertificateRefused, Stage
from healthcode.decisions.models import Decision
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import Trigger
from healthcode.evidence.usecases.record_evidence import record_evidence
from healthcode.evidence.values import Source
from healthcode.passes.externals import statements
from healthcode.passes.models import TrustedIssuer
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import identity_of


class CertificateOfSomebodyElse(Refused):
    """The certificate's date of birth is another, or we do not know the person's."""

    code: ClassVar[str] = "certificate_of_somebody_else"
    message: ClassVar[str] = "The certificate does not match the identity of this code."


@transactions.atomic_retry
def import_certificate(*, subject: Subject, payload: str) -> Decision:
    """Verify a certificate against the trusted issuers, record what it says, and decide.

    The string itself is not kept; its hash names the evidence, so that importing it
    again records nothing new.

    Raises:
        CertificateRefused: no trusted issuer stands for it, or it does not hold now.
        CertificateOfSomebodyElse: its holder was born on another day.
    """
    at = clock.now()
    found = _verified(payload)
    _check_holder(subject, found)
    digest = hashlib.sha256(payload.encode()).hexdigest()
    for number, statement in enumerate(statements(found, at=at)):
        record_evidence(
            subject_id=subject.id,
            kind=statement.kind,
            source=Source.CERTIFICATE,
            source_ref=f"{subject.id}:{digest}:{number}",
            observed_at=statement.observed_at,
            payload=statement.payload,
        )
    return decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)


def _verified(payload: str) -> Verified:
    """Try each trusted issuer; the refusal that got furthest is the one to tell."""
    furthest = CertificateRefused(Stage.SIGNATURE, "no_trusted_issuer")
    stages = list(Stage)
    for issuer in TrustedIssuer.objects.filter(active=True).order_by("name"):
        jwks = issuer.jwks.get("keys", []) if isinstance(issuer.jwks, dict) else []
        trust = Trust(
            certificates=[issuer.certificate] if issuer.certificate else [],
            jwks=jwks,
            did_document=issuer.did_document,
        )
        try:
            return verify(payload, trust, at=clock.now())
        except CertificateRefused as refused:
            if stages.index(refused.stage) >= stages.index(furthest.stage):
                furthest = refused
    raise furthest


def _check_holder(subject: Subject, found: Verified) -> None:
    """An HC1 names a date of birth, whole or in part: it must be the person's."""
    if found.kind != "HC1":
        return
    identity = identity_of(subject)
    born = identity.birth_date if identity else None
    said = str(found.payload.get("dob", ""))[:10]
    if born is None or not said or not born.isoformat().startswith(said):
        raise CertificateOfSomebodyElse(field="payload")
