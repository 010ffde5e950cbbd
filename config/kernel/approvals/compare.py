"""Compare requests and votes with what the audit log was told of them.

The database refuses to edit them; whoever takes its triggers off is found here, by the
request's id and the checker's name. Rows of the log from before votes and moments were told
are compared by what they have.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from config.kernel.approvals.models import ApprovalRequest, ApprovalVote
from config.kernel.approvals.steps import digest_of, digest_of_vote, outcome_of
from config.kernel.approvals.values import Status
from config.kernel.audit.models import AuditEvent

PREFIX = "approval:"
READ_AT_ONCE = 500


@dataclass(slots=True)
class AuditTrail:
    """What the log says of one request; `votes` are digests, None where it was not told."""

    digest: str | None = None
    requested: bool = False
    status: str = Status.PENDING.value
    outcome: str | None = None
    votes: list[str | None] = field(default_factory=list)


def disagreements() -> Iterator[str]:
    """A line for each request or vote that is not as the audit log has it."""
    trails = _trails()
    votes: dict[str, list[ApprovalVote]] = defaultdict(list)
    for vote in ApprovalVote.objects.select_related("checker").order_by("id"):
        votes[str(vote.request_id)].append(vote)
    seen = set()
    for request in ApprovalRequest.objects.order_by("id").iterator(chunk_size=READ_AT_ONCE):
        name = str(request.id)
        seen.add(name)
        yield from _of_request(name, request, trails.get(name))
        yield from _of_votes(name, votes.pop(name, []), trails.get(name))
    for name, orphans in votes.items():
        yield from (
            f"a vote by {vote.checker} is on approval {name}, which is gone" for vote in orphans
        )
    yield from (f"approval {name} is gone" for name in trails if name not in seen)


def _trails() -> dict[str, AuditTrail]:
    """By id: what the log says, read in the order in which it was written."""
    trails: dict[str, AuditTrail] = defaultdict(AuditTrail)
    events = AuditEvent.objects.filter(action__startswith="approval.", target__startswith=PREFIX)
    for event in events.order_by("seq").iterator(chunk_size=READ_AT_ONCE):
        after: dict[str, Any] = event.after if isinstance(event.after, dict) else {}
        trail = trails[event.target.removeprefix(PREFIX)]
        if event.action == "approval.requested":
            trail.requested, trail.digest = True, after.get("digest")
        if "status" in after:
            trail.status, trail.outcome = after["status"], after.get("outcome")
        if event.action in {"approval.voted", "approval.approved", "approval.rejected"}:
            trail.votes.append(after.get("vote"))
    return dict(trails)


def _of_request(name: str, request: ApprovalRequest, trail: AuditTrail | None) -> Iterator[str]:
    if trail is None or not trail.requested:
        yield f"approval {name} was never asked for: the audit log does not have it"
        return
    if trail.digest is not None and trail.digest != digest_of(request):
        yield f"approval {name} was edited after it was asked for"
    if trail.status != request.status:
        yield f"approval {name} is {request.status}, the audit log says {trail.status}"
    elif trail.outcome is not None and trail.outcome != outcome_of(request):
        yield f"what came of approval {name} was edited"


def _of_votes(name: str, votes: list[ApprovalVote], trail: AuditTrail | None) -> Iterator[str]:
    if trail is None or None in trail.votes:
        return  # votes were not told then
    missing = Counter(trail.votes)
    for vote in votes:
        digest = digest_of_vote(vote)
        if missing[digest]:
            missing[digest] -= 1
        else:
            yield f"the vote of {vote.checker} on approval {name} was not given like this"
    if len(votes) < len(trail.votes):
        yield f"approval {name} has {len(votes)} votes, the audit log says {len(trail.votes)}"
