"""What happens to passes by itself: revocation after a new colour, the end of old keys."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from config.kernel import approvals, clock, timetable, transactions
from config.kernel.due_times import Earliest, earliest_of
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from healthcode.codec.keys import thumbprint
from healthcode.decisions.models import PartyKey
from healthcode.decisions.usecases.decide import CHANGED
from healthcode.passes import rotation
from healthcode.passes.models import (
    DeniedPass,
    Pass,
    RegionAgreement,
    RevokedCertificate,
    SigningKey,
)
from healthcode.passes.usecases.agree_region import agree_region, check_agreement
from healthcode.passes.usecases.revoke_passes import (
    revoke_device_passes,
    revoke_outdated_passes,
    revoke_proxy_passes,
)
from healthcode.passes.usecases.rotate_signing_key import (
    OVERLAP,
    destroy_retired_keys,
    keep_rotating,
    next_rotation,
)
from healthcode.passes.usecases.take_revocations import forget_revocations
from healthcode.passes.values import KeyState
from healthcode.subjects.models import Device, Guardianship
from healthcode.subjects.queries import subject_of_event
from healthcode.subjects.rules import is_open
from healthcode.subjects.usecases.decide_guardianship import CHANGED as GUARDIANSHIP
from healthcode.subjects.usecases.register_device import DEVICE_REVOKED

__all__ = ["rotation"]

# The record of a pass is kept a day after it ended, for questions at the gate.
KEPT = timedelta(days=1)
BATCH = 1000


@subscribe(CHANGED, name="health.revoke_outdated_passes")
def revoke(event: OutboxEvent) -> None:
    """Passes that state another colour are no longer good."""
    subject = subject_of_event(event)
    if subject is not None:
        revoke_outdated_passes(subject_id=subject.id)


@subscribe(DEVICE_REVOKED, name="health.revoke_device_passes")
def revoke_of_device(event: OutboxEvent) -> None:
    """What a lost phone carries is no longer good."""
    revoke_device_passes(device_id=uuid.UUID(str(event.payload["device_id"])))


@subscribe(GUARDIANSHIP, name="health.revoke_proxy_passes")
def revoke_of_guardian(event: OutboxEvent) -> None:
    """A guardian whose time is over carries no codes, and their phones are struck off."""
    row = Guardianship.objects.filter(id=str(event.payload["guardianship_id"])).first()
    if row is None or row.dependent_id is None or is_open(row.state):
        return
    Device.objects.filter(
        subject_id=row.dependent_id, held_by_id=row.guardian_id, revoked_at__isnull=True
    ).update(revoked_at=row.closed_at)
    revoke_proxy_passes(subject_id=row.dependent_id)


_next_purge = earliest_of(
    Earliest(Pass.objects.all, "expires_at", plus=KEPT),
    Earliest(DeniedPass.objects.all, "expires_at"),
    Earliest(RevokedCertificate.objects.all, "expires_at"),
    Earliest(PartyKey.objects.all, "free_at"),
)


@timetable.job("health.purge_passes", next_due=_next_purge)
def purge_passes(now: datetime) -> int:
    """Forget passes that ended a day ago, and whose the keys of ended passes were."""
    return _purge(now)


@transactions.atomic_retry
def _purge(now: datetime) -> int:
    old = Pass.objects.filter(expires_at__lte=now - KEPT).values_list("id", flat=True)[:BATCH]
    ended = DeniedPass.objects.filter(expires_at__lte=now).values_list("pk", flat=True)[:BATCH]
    count = DeniedPass.objects.filter(pk__in=list(ended)).delete()[0]
    free = PartyKey.objects.filter(free_at__lte=now).values_list("pk", flat=True)[:BATCH]
    count += PartyKey.objects.filter(pk__in=list(free), free_at__lte=now).delete()[0]
    count += forget_revocations(now=now)
    return count + Pass.objects.filter(id__in=list(old)).delete()[0]


@timetable.job("health.rotate_keys", next_due=next_rotation)
def rotate_keys(now: datetime) -> int:
    """Announce the next signing key, and two days later let it sign."""
    return keep_rotating(now=now)


# When the next retired key is destroyed.
_next_destruction = Earliest(
    lambda: SigningKey.objects.filter(state=KeyState.VERIFY_ONLY), "retired_at", plus=OVERLAP
)


@timetable.job("health.destroy_retired_keys", next_due=_next_destruction)
def destroy_keys(now: datetime) -> int:
    """Destroy the private halves of keys that nothing can have been signed with any more."""
    return destroy_retired_keys(now=now)


AGREE = "health.agree_region"


def _issuer(parameters: approvals.Parameters) -> str:
    return str(parameters.get("issuer") or "")


def _name(parameters: approvals.Parameters) -> str:
    return str(parameters.get("name") or parameters.get("issuer"))[:80]


def state_of_region(parameters: approvals.Parameters) -> approvals.Facts:
    """Whether there are agreements with that issuer already, and until when the last runs."""
    rows = RegionAgreement.objects.filter(issuer=_issuer(parameters))
    last = rows.order_by("-id").first()
    return {
        "agreements before": rows.count(),
        "the last runs until": str(last.valid_until) if last else "-",
    }


def show_issuer(parameters: approvals.Parameters) -> approvals.Facts:
    """Whose passes, and the agreement that runs already."""
    now = clock.now()
    running = RegionAgreement.objects.filter(
        issuer=_issuer(parameters), valid_from__lte=now, valid_until__gt=now
    )
    return {
        "issuer": _issuer(parameters),
        "agreement that runs": [
            approvals.Link(row.name, "health_passes.RegionAgreement", str(row.id))
            for row in running
        ]
        or "none",
    }


def show_name(parameters: approvals.Parameters) -> approvals.Facts:
    """What we call the region."""
    return {"region": _name(parameters)}


def show_keys(parameters: approvals.Parameters) -> approvals.Facts:
    """The keys whose signatures count, by thumbprint."""
    rows = parameters.get("keys")
    keys = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {"keys": [f"P-256 {thumbprint(row)}" for row in keys]}


def show_colours(parameters: approvals.Parameters) -> approvals.Facts:
    """What their colours mean here."""
    colours, _ = _terms(parameters)
    return {f"their {theirs}": f"is {ours} here" for theirs, ours in colours.items()}


def show_days(parameters: approvals.Parameters) -> approvals.Facts:
    """For how long."""
    return {"for": f"{parameters.get('days')} days from its approval"}


def _terms(parameters: approvals.Parameters) -> tuple[dict[str, str], int]:
    keys, colours = check_agreement(
        issuer=_issuer(parameters),
        keys=parameters.get("keys"),
        colours=parameters.get("colours"),
        days=parameters.get("days"),
        own_issuer=settings.SAOMA_HEALTH_ISSUER,
    )
    return colours, len(keys)


def check_terms(parameters: approvals.Parameters) -> None:
    """An issuer that is not us, keys, a map of colours, an end."""
    _terms(parameters)


def foretell_agreement(parameters: approvals.Parameters) -> approvals.Facts:
    """What their passes are worth here."""
    colours, keys = _terms(parameters)
    before = RegionAgreement.objects.filter(issuer=_issuer(parameters)).count()
    return {
        "agreements with them": approvals.change(before, f"{before + 1}, the last counts"),
        "keys that count": keys,
        **{f"their {theirs}": f"is {ours} here" for theirs, ours in colours.items()},
    }


def target_region(parameters: approvals.Parameters) -> str:
    """The issuer."""
    return f"region:{_issuer(parameters)}"


@approvals.action(
    AGREE,
    title="Recognise another region's passes",
    parameters={
        "issuer": show_issuer,
        "name": show_name,
        "keys": show_keys,
        "colours": show_colours,
        "days": show_days,
    },
    target=target_region,
    state=state_of_region,
    check=check_terms,
    effect=foretell_agreement,
    checkers=2,
)
def execute_agreement(approved: approvals.Approved) -> approvals.Facts:
    """Put an approved agreement in force."""
    parameters = approved.parameters
    agreement = agree_region(
        issuer=_issuer(parameters),
        name=_name(parameters),
        keys=parameters["keys"],
        colours=parameters["colours"],
        days=int(str(parameters["days"])),
        own_issuer=settings.SAOMA_HEALTH_ISSUER,
        **approved.signatures,
    )
    return {"agreement": str(agreement.id), "until": agreement.valid_until}
