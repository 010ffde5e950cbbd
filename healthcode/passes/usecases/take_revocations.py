"""Take a foreign issuer's list of revoked certificates, and ask it.

What was imported before the list came is taken back, too: evidence keeps by which names its
certificate may be revoked (`marks_of`), and nothing else of it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Q

from config.kernel import clock, transactions
from config.kernel.audit import chain
from config.kernel.errors import Conflict, NotFound
from healthcode.codec.claims import Verified
from healthcode.codec.revocation import ANY_KEY, Crl, is_listed, read_batch, read_crl
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.usecases.change_evidence import retract_all
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import Source
from healthcode.passes.models import RevocationList, RevokedCertificate, TrustedIssuer
from healthcode.subjects.programme import require_running

RID = "RID"


class IssuerUnknown(NotFound):
    """Nobody of that name is registered as an issuer."""

    code: ClassVar[str] = "issuer_unknown"
    message: ClassVar[str] = "There is no such issuer."


class RevocationListOutdated(Conflict):
    """A newer list of the key has been taken, or another one of the same number."""

    code: ClassVar[str] = "revocation_list_outdated"
    message: ClassVar[str] = "A list that is as new, or newer, has been taken already."


@transactions.atomic_retry
def take_batch(*, issuer: str, data: bytes | str, actor: str) -> int:
    """Take a batch as the EU's gateway hands it out; again changes nothing.

    Evidence of a certificate that it names is taken back. Returns how many it names.

    Raises:
        IssuerUnknown: nobody of that name.
        ProgrammeEnded: nothing is evidence any more.
        RevocationListMalformed: it is none.
    """
    batch = read_batch(data)
    kid = "" if batch.kid == ANY_KEY else batch.kid
    trusted_issuer = _issuer(issuer)
    RevokedCertificate.objects.bulk_create(
        (
            RevokedCertificate(
                issuer=trusted_issuer, kind=batch.hash_type.value, kid=kid, name=name,
                expires_at=batch.expires_at,
            )
            for name in sorted(batch.entries)
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    back = _retract_revoked(trusted_issuer, at=clock.now())
    _record(trusted_issuer, actor, batch.hash_type.value, len(batch.entries), back)
    return len(batch.entries)


@transactions.atomic_retry
def take_crl(*, issuer: str, data: bytes | str, actor: str) -> int:
    """Take an issuer's list of revoked SMART Health Cards; a newer list replaces the one of
    the same key, and evidence of a card that it names is taken back. Returns how many cards
    it names.

    Raises:
        IssuerUnknown: nobody of that name.
        ProgrammeEnded: nothing is evidence any more.
        RevocationListMalformed: it is none.
        RevocationListOutdated: it would replace one that is as new.

    Locks: the number of the key's list.
    """
    crl = read_crl(data)
    trusted_issuer = _issuer(issuer)
    if not _keep_newest(trusted_issuer, crl):
        return len(crl.rids)
    RevokedCertificate.objects.filter(issuer=trusted_issuer, kind=RID, kid=crl.kid).delete()
    RevokedCertificate.objects.bulk_create(
        RevokedCertificate(issuer=trusted_issuer, kind=RID, kid=crl.kid, name=rid, before=before)
        for rid, before in sorted(crl.rids.items())
    )
    back = _retract_revoked(trusted_issuer, at=clock.now())
    _record(trusted_issuer, actor, RID, len(crl.rids), back)
    return len(crl.rids)


def _keep_newest(issuer: TrustedIssuer, crl: Crl) -> bool:
    """Note the number of a key's newest list; False where this very list is in force."""
    newest, is_new = RevocationList.objects.select_for_update().get_or_create(
        issuer=issuer, kid=crl.kid, defaults={"counter": crl.counter}
    )
    if is_new:
        return True
    rows = RevokedCertificate.objects.filter(issuer=issuer, kind=RID, kid=crl.kid)
    if crl.counter == newest.counter and dict(rows.values_list("name", "before")) == crl.rids:
        return False
    if crl.counter <= newest.counter:
        raise RevocationListOutdated(field="ctr")
    RevocationList.objects.filter(id=newest.id).update(counter=crl.counter)
    return True


def marks_of(certificate: Verified) -> dict[str, Any]:
    """By what an issuer's lists may name a verified certificate, as its evidence keeps it."""
    credential = certificate.payload.get("vc")
    rid = credential.get("rid") if isinstance(credential, Mapping) else None
    return {
        "kid": certificate.kid,
        "names": sorted(list(pair) for pair in certificate.fingerprints),
        **({"rid": str(rid), "nbf": certificate.payload.get("nbf")} if rid else {}),
    }


def is_revoked(issuer: TrustedIssuer, marks: Mapping[str, Any], *, at: datetime) -> bool:
    """Whether the issuer's lists name a certificate with these marks."""
    rows = RevokedCertificate.objects.filter(issuer=issuer).filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=at)
    )
    if marks["names"]:
        any_of = Q()
        for kind, name in marks["names"]:
            any_of |= Q(kind=kind, name=name)
        return rows.filter(any_of, kid__in=["", marks["kid"]]).exists()
    listed = rows.filter(kind=RID, kid=marks["kid"], name=marks.get("rid", ""))
    card = {"vc": {"rid": marks.get("rid")}, "nbf": marks.get("nbf")}
    return any(
        is_listed(Crl(row.kid, 1, {row.name: row.before}), kid=marks["kid"], payload=card)
        for row in listed
    )


def _retract_revoked(issuer: TrustedIssuer, *, at: datetime) -> int:
    """Take back what stands of certificates that the issuer's lists name; returns how much."""
    standing = Evidence.objects.filter(
        source=Source.CERTIFICATE, retracts__isnull=True, evidence__isnull=True,
        payload__trusted_issuer=issuer.name,
    )  # fmt: skip
    evidence_ids = [
        row.id
        for row in standing.order_by("id").iterator()
        if "revocable" in row.payload and is_revoked(issuer, row.payload["revocable"], at=at)
    ]
    return retract_all(
        authority=Authority(Passage.REVOCATION),
        evidence_ids=evidence_ids,
        reason="the issuer revoked the certificate",
    )


@transactions.atomic_retry
def forget_revocations(*, now: datetime) -> int:
    """Delete what lists named until now; returns how many."""
    return RevokedCertificate.objects.filter(expires_at__lte=now).delete()[0]


def _issuer(name: str) -> TrustedIssuer:
    require_running()
    issuer = TrustedIssuer.objects.filter(name=name).first()
    if issuer is None:
        raise IssuerUnknown(field="issuer")
    return issuer


def _record(issuer: TrustedIssuer, actor: str, kind: str, count: int, back: int) -> None:
    chain.record(
        action="health.take_revocations", actor=actor, target=f"issuer:{issuer.id}",
        after={"kind": kind, "certificates": count, "evidence_taken_back": back},
    )  # fmt: skip
