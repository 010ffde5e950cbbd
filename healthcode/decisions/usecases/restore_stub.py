"""What is kept, sealed, of a red reason when its person is erased; and its return."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q

from config.kernel import clock, keys, transactions
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import Decision, ErasureStub, Override
from healthcode.decisions.usecases.change_evidence import Statement, put_override, report
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.usecases.relocate import record_move
from healthcode.decisions.values import STUB_SEAL, Trigger
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.rules.values import Colour
from healthcode.subjects.models import Subject

# By what an erased override is named again; nobody is asked twice for the same hours.
_AGAIN = uuid.UUID("5d1c3c0e-7f0b-4c58-9d7e-3f6a7a2f8a11")


@transactions.atomic_retry
def keep_stub(*, subject: Subject) -> ErasureStub | None:
    """Seal what a person's red rests on, until it ends; None where no reason is red.

    Judged is what is known at this moment, also what no decision has seen yet; and a red that
    a milder colour by hand covers is a red. The stub holds no id of the person: two keyed
    hashes by which they are known again, and sealed evidence that is opened only if they come
    back before the reason's end.
    """
    decision = decide_colour(subject_id=subject.id, trigger=Trigger.REQUEST)
    if not any(reason["colour"] == Colour.RED for reason in decision.reasons):
        return None
    evidence = _grounds(decision)
    override = decision.override
    ends = [row.delete_after for row in evidence if row.kind != EvidenceKind.RELOCATION]
    ends += [override.ends_at] if override is not None else []
    if not ends or max(ends) <= clock.now():
        return None
    content = {
        "region": subject.region,
        "evidence": [_members(row, subject.id) for row in evidence],
        "override": _override_members(override) if override else None,
    }
    return ErasureStub.objects.create(
        holder_ref=subject.holder_ref or "",
        pseudonym=subject.pseudonym or "",
        sealed_content=keys.seal(json.dumps(content).encode(), purpose=STUB_SEAL),
        delete_after=max(ends),
    )


def _grounds(decision: Decision) -> list[Evidence]:
    """All evidence behind the red reasons, and what a person has been tested or told since."""
    names = {
        name
        for reason in decision.reasons
        if reason["colour"] == Colour.RED
        for name in reason["evidence"]
    }
    standing = Evidence.objects.filter(
        subject_id=decision.subject_id, retracts__isnull=True, evidence__isnull=True
    )
    first = standing.filter(id__in=names).order_by("observed_at").first()
    if first is None:
        return []
    # A negative test or a closed case after it belongs to the reason's end.
    since = Q(id__in=names) | Q(observed_at__gte=first.observed_at)
    since |= Q(kind=EvidenceKind.RELOCATION)
    return list(standing.filter(since).exclude(kind__in=_OWN_WORDS).order_by("observed_at", "id"))


_OWN_WORDS = (EvidenceKind.DECLARATION, EvidenceKind.TEMPERATURE, EvidenceKind.VACCINATION)


def _members(row: Evidence, subject_id: uuid.UUID) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "source": row.source,
        # Whatever names the person by the id that is erased is named anew.
        "source_ref": row.source_ref if str(subject_id) not in row.source_ref else "",
        "observed_at": row.observed_at.isoformat(),
        "payload": row.payload,
        "delete_after": row.delete_after.isoformat(),
    }


def _override_members(override: Override) -> dict[str, Any]:
    return {
        "colour": override.colour,
        "reason": override.reason,
        "legal_basis": override.legal_basis,
        "starts_at": override.starts_at.isoformat(),
        "ends_at": override.ends_at.isoformat(),
        "maker": override.maker,
        "checker": override.checker,
        "third": override.third,
        "batch_size": override.batch_size,
        "approval_id": str(override.approval_id),
    }


@transactions.atomic_retry
def restore_stubs(*, subject: Subject) -> int:
    """Put back what was kept of a person, known by their account or their document.

    Returns how many stubs there were; each is gone afterwards.

    Locks: the stubs.
    """
    known_by = Q(holder_ref=subject.holder_ref) if subject.holder_ref else Q(pk__in=[])
    if subject.pseudonym:
        known_by |= Q(pseudonym=subject.pseudonym)
    stubs = list(ErasureStub.objects.select_for_update().filter(known_by).order_by("id"))
    for stub in stubs:
        _restore(stub, subject)
        stub.delete()
    return len(stubs)


def _restore(stub: ErasureStub, subject: Subject) -> None:
    content = json.loads(keys.unseal(bytes(stub.sealed_content), purpose=STUB_SEAL))
    for number, row in enumerate(content["evidence"]):
        if datetime.fromisoformat(row["delete_after"]) <= clock.now():
            continue
        report(
            authority=Authority(Passage.RETURN),
            statement=Statement(
                subject_id=subject.id,
                kind=EvidenceKind(row["kind"]),
                source=Source(row["source"]),
                source_ref=row["source_ref"] or f"stub:{stub.id}:{number}",
                observed_at=datetime.fromisoformat(row["observed_at"]),
                payload=row["payload"],
                delete_after=datetime.fromisoformat(row["delete_after"]),
            ),
        )
    # Who comes back in another region has left the one they were red in.
    if content.get("region", subject.region) != subject.region:
        record_move(
            authority=Authority(Passage.RETURN), subject=subject, left=content["region"],
            to=subject.region,
        )  # fmt: skip
    override = content["override"]
    if override and datetime.fromisoformat(override["ends_at"]) > clock.now():
        put_override(
            authority=Authority(Passage.RETURN),
            approval_id=uuid.uuid5(_AGAIN, override.pop("approval_id")),
            subject_id=subject.id,
            facts={
                **override,
                "starts_at": datetime.fromisoformat(override["starts_at"]),
                "ends_at": datetime.fromisoformat(override["ends_at"]),
            },
        )
