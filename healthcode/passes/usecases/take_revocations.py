"""Take a foreign issuer's list of revoked certificates, and ask it."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from django.db.models import Q

from config.kernel import transactions
from config.kernel.audit import chain
from config.kernel.errors import NotFound
from healthcode.codec.claims import Verified
from healthcode.codec.revocation import ANY_KEY, Crl, is_listed, read_batch, read_crl
from healthcode.passes.models import RevokedCertificate, TrustedIssuer

RID = "RID"


class IssuerUnknown(NotFound):
    """Nobody of that name is registered as an issuer."""

    code: ClassVar[str] = "issuer_unknown"
    message: ClassVar[str] = "There is no such issuer."


@transactions.atomic_retry
def take_batch(*, issuer: str, data: bytes | str, actor: str) -> int:
    """Take a batch as the EU's gateway hands it out; again changes nothing.

    Returns how many certificates it names.

    Raises:
        IssuerUnknown: nobody of that name.
        RevocationListMalformed: it is none.
    """
    batch = read_batch(data)
    kid = "" if batch.kid == ANY_KEY else batch.kid
    found = _issuer(issuer)
    RevokedCertificate.objects.bulk_create(
        (
            RevokedCertificate(
                issuer=found, kind=batch.hash_type.value, kid=kid, name=name,
                expires_at=batch.expires_at,
            )
            for name in sorted(batch.entries)
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    _record(found, actor, batch.hash_type.value, len(batch.entries))
    return len(batch.entries)


@transactions.atomic_retry
def take_crl(*, issuer: str, data: bytes | str, actor: str) -> int:
    """Take an issuer's list of revoked SMART Health Cards; a newer list replaces the one of
    the same key. Returns how many cards it names.

    Raises:
        IssuerUnknown: nobody of that name.
        RevocationListMalformed: it is none.
    """
    crl = read_crl(data)
    found = _issuer(issuer)
    RevokedCertificate.objects.filter(issuer=found, kind=RID, kid=crl.kid).delete()
    RevokedCertificate.objects.bulk_create(
        RevokedCertificate(issuer=found, kind=RID, kid=crl.kid, name=rid, before=before)
        for rid, before in sorted(crl.rids.items())
    )
    _record(found, actor, RID, len(crl.rids))
    return len(crl.rids)


def is_revoked(issuer: TrustedIssuer, found: Verified, *, at: datetime) -> bool:
    """Whether the issuer's lists name a certificate that was verified."""
    rows = RevokedCertificate.objects.filter(issuer=issuer).filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    )
    if found.fingerprints:
        any_of = Q()
        for kind, name in found.fingerprints:
            any_of |= Q(kind=kind, name=name)
        return rows.filter(any_of, kid__in=["", found.kid]).exists()
    credential = found.payload.get("vc")
    rid = credential.get("rid") if isinstance(credential, Mapping) else None
    listed = rows.filter(kind=RID, kid=found.kid, name=str(rid))
    return any(
        is_listed(Crl(row.kid, 1, {row.name: row.before}), kid=found.kid, payload=found.payload)
        for row in listed
    )


@transactions.atomic_retry
def forget_revocations(*, now: datetime) -> int:
    """Delete what lists named until now; returns how many."""
    return RevokedCertificate.objects.filter(expires_at__lte=now).delete()[0]


def _issuer(name: str) -> TrustedIssuer:
    found = TrustedIssuer.objects.filter(name=name).first()
    if found is None:
        raise IssuerUnknown(field="issuer")
    return found


def _record(issuer: TrustedIssuer, actor: str, kind: str, count: int) -> None:
    chain.record(
        action="health.take_revocations", actor=actor, target=f"issuer:{issuer.id}",
        after={"kind": kind, "certificates": count},
    )  # fmt: skip
