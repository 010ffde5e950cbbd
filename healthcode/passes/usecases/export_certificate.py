"""Give a person their test or vaccination as a European certificate (HC1)."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db.models import QuerySet

from config.kernel import clock
from config.kernel.errors import NotFound, Refused
from healthcode.codec import cose, hc1
from healthcode.codec.keys import from_certificate
from healthcode.decisions.queries import rule_set_in_force
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.passes import dcc, queries
from healthcode.passes.usecases.rotate_signing_key import certified_signing_key
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import identity_of

LIFE = timedelta(days=180)
# What a registered body told us; not what the person said, nor what others have certified.
_SOURCES = (Source.LABORATORY, Source.AUTHORITY)
_KINDS = (EvidenceKind.NAAT, EvidenceKind.ANTIGEN, EvidenceKind.VACCINATION)


class ExportUnknown(NotFound):
    """There is no such test or vaccination of this person."""

    code: ClassVar[str] = "evidence_unknown"
    message: ClassVar[str] = "There is no such test or vaccination of yours."


class IdentityNeeded(Refused):
    """A certificate names a person, and we do not know who this is."""

    code: ClassVar[str] = "identity_needed"
    message: ClassVar[str] = "Declare your identity with a date of birth first."


def exportable(subject: Subject) -> QuerySet[Evidence]:
    """A person's tests and vaccinations that stand, newest first."""
    return Evidence.objects.filter(
        subject=subject,
        kind__in=_KINDS,
        source__in=_SOURCES,
        retracts__isnull=True,
        evidence__isnull=True,
    ).order_by("-observed_at", "-id")


def withdrawn(*, since: datetime) -> QuerySet[Evidence]:
    """What could have been certified since a moment and was taken back."""
    return Evidence.objects.filter(
        kind__in=_KINDS, source__in=_SOURCES, retracts__isnull=True, evidence__isnull=False,
        recorded_at__gt=since,
    ).order_by("id")  # fmt: skip


def export_certificate(
    *, subject: Subject, evidence_id: uuid.UUID, latin_name: dcc.LatinName | None = None
) -> str:
    """Write a certificate of one piece of evidence, signed by our own document signer.

    Nothing is kept: the same request makes another certificate of the same identifier. It
    ends with the signer's certificate at the latest.

    Raises:
        ExportUnknown: no such evidence of this person, or taken back.
        IdentityNeeded: the person's name or date of birth is not known.
        dcc.LatinNameNeeded: the name is in no Latin script and none was given.
        dcc.NotExportable: a preliminary result, or a vaccine without a code.
    """
    row = exportable(subject).filter(id=evidence_id).first()
    if row is None:
        raise ExportUnknown(field="evidence_id")
    identity = identity_of(subject)
    if identity is None or identity.birth_date is None:
        raise IdentityNeeded(field="identity")
    group, entry = dcc.entry(
        EvidenceKind(row.kind), row.observed_at, row.payload, dcc.identifier(row.id),
        zone=rule_set_in_force(subject.region).zone,
    )  # fmt: skip
    key = certified_signing_key()
    signer = from_certificate(key.certificate)
    now = clock.now().replace(microsecond=0)
    return hc1.issue(
        {
            "ver": dcc.VERSION,
            "nam": dcc.names(identity.name, latin_name),
            "dob": identity.birth_date.isoformat(),
            group: [entry],
        },
        issuer=dcc.COUNTRY,
        kid=signer.kid,
        signer=cose.es256_signer(queries.private_key(key)),
        issued_at=now,
        expires_at=min(now + LIFE, signer.valid_until or now + LIFE),
    )
