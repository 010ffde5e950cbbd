"""Take passes out of force before they end."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.decisions import queries as decisions
from healthcode.decisions.models import Notice
from healthcode.decisions.values import NoticeKind
from healthcode.passes.models import DeniedPass, Pass
from healthcode.passes.values import PassKind
from healthcode.subjects.models import Subject


@transactions.atomic_retry
def revoke_outdated_passes(*, subject_id: uuid.UUID) -> int:
    """Revoke a subject's live passes that state another colour than the one that stands.

    Paper states none and stays.
    Safe to repeat. Returns how many were revoked.
    """
    head = decisions.head_of(subject_id)
    live = Pass.objects.filter(
        subject_id=subject_id, revoked_at__isnull=True, expires_at__gt=clock.now()
    )
    if head is not None:
        live = live.exclude(colour=head.decision.colour).exclude(kind=PassKind.PAPER)
    return live.update(revoked_at=clock.now())


@transactions.atomic_retry
def revoke_papers(*, subject_id: uuid.UUID, actor: str) -> int:
    """Take a person's codes on paper out of force, and tell them. Returns how many."""
    live = Pass.objects.filter(
        subject_id=subject_id,
        kind=PassKind.PAPER,
        revoked_at__isnull=True,
        expires_at__gt=clock.now(),
    )
    count = live.update(revoked_at=clock.now())
    if count:
        Notice.objects.create(subject_id=subject_id, kind=NoticeKind.PAPER_REVOKED)
        alias = Subject.objects.values_list("alias", flat=True).get(id=subject_id)
        chain.record(
            action="health.revoke_paper", actor=actor, target=f"subject:{alias}",
            after={"papers": count},
        )  # fmt: skip
    return count


@transactions.atomic_retry
def revoke_device_passes(*, device_id: uuid.UUID) -> int:
    """Revoke all live passes of one device. Returns how many."""
    live = Pass.objects.filter(
        device_id=device_id, revoked_at__isnull=True, expires_at__gt=clock.now()
    )
    return live.update(revoked_at=clock.now())


@transactions.atomic_retry
def deny_passes_of(*, subject_id: uuid.UUID) -> int:
    """Put all live passes of somebody on the deny list for good, and theirs for others too.

    For whoever is erased: the records go, and a scanner without network must not take a code
    that no gate of ours knows any more. Passes of dependents on this person's phones are
    revoked, for the phones' own records go. Returns how many.
    """
    now = clock.now()
    live = Pass.objects.filter(expires_at__gt=now)
    mine = live.filter(subject_id=subject_id).values_list("cti_hash", "expires_at")
    rows = [DeniedPass(cti_hash=name, expires_at=end) for name, end in mine]
    DeniedPass.objects.bulk_create(rows, ignore_conflicts=True)
    carried = live.filter(device__held_by_id=subject_id, revoked_at__isnull=True)
    return len(rows) + carried.update(revoked_at=now)


@transactions.atomic_retry
def revoke_proxy_passes(*, subject_id: uuid.UUID) -> int:
    """Revoke all live passes of a dependent that guardians carry. Returns how many.

    Guardians who still are ones mint new ones at their next refresh.
    """
    live = Pass.objects.filter(
        subject_id=subject_id,
        kind=PassKind.PROXY,
        revoked_at__isnull=True,
        expires_at__gt=clock.now(),
    )
    return live.update(revoked_at=clock.now())
