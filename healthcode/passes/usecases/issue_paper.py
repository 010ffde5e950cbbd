"""The service centre's desk: a code on paper, for people without a phone."""

from dataclasses import dataclass
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import Notice
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.values import NoticeKind, Trigger
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.passes import rules
from healthcode.passes.models import Pass
from healthcode.passes.usecases.mint_code import Minted, mint_code
from healthcode.passes.values import PaperGround, PassKind
from healthcode.subjects.models import Subject
from healthcode.subjects.rules import local_day
from healthcode.subjects.usecases.register_subject import register_by_desk
from healthcode.subjects.values import Identity


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody at the desk asks for.

    Args:
        identity: as on the identity card they have brought.
        ground: why they need paper.
        region: where they live.
        well: whether they declare, there and then, to be without symptoms.
    """

    identity: Identity
    ground: PaperGround
    region: str = ""
    well: bool = False


@transactions.atomic_retry
def issue_paper(*, request: Request, actor: str) -> Minted:
    """Issue a code on paper; the one before, lost or torn, is good no more.

    It names the person by a random id and states no colour: gates look that up, after the
    identity card. A child's ends when they come of age.

    Raises:
        DocumentInvalid: the document number cannot be right.
        rules.PaperRefused: the date of birth is missing or speaks against the ground.

    Locks: the subject.
    """
    now = clock.now()
    rules.check_ground(request.ground, request.identity.birth_date, at=now)
    holder = register_by_desk(identity=request.identity, region=request.region)
    subject = Subject.objects.select_for_update().get(id=holder.id)
    if request.well:
        _declare(subject, now, actor)
    former = Pass.objects.filter(
        subject=subject, kind=PassKind.PAPER, revoked_at__isnull=True, expires_at__gt=now
    ).update(revoked_at=now)
    ends_at = rules.ground_ends_at(request.ground, request.identity.birth_date)
    minted = mint_code(subject=subject, kind=PassKind.PAPER, ends_at=ends_at)
    Notice.objects.create(
        subject=subject,
        kind=NoticeKind.PAPER_ISSUED,
        facts={"until": minted.record.expires_at.isoformat()},
    )
    chain.record(
        action="health.issue_paper", actor=actor, target=f"subject:{subject.alias}",
        purpose=request.ground.value, after={"pass": str(minted.record.id), "revoked": former},
    )  # fmt: skip
    return minted


def _declare(subject: Subject, now: datetime, actor: str) -> None:
    report(
        authority=Authority(Passage.DESK, actor),
        statement=Statement(
            subject_id=subject.id,
            kind=EvidenceKind.DECLARATION,
            source=Source.SELF,
            source_ref=f"desk:{subject.id}:{local_day(now)}",
            observed_at=now,
            payload={"symptoms": []},
        ),
    )
    decide_colour(subject_id=subject.id, trigger=Trigger.EVIDENCE)
