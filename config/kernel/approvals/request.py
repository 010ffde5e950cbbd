"""Ask for something that a second operator must approve."""

from django.contrib.auth.models import User

from config.kernel import clock, transactions
from config.kernel.approvals import queries, registry, rules
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.steps import PURPOSE_CHARACTERS
from config.kernel.approvals.values import Parameters, Status, fingerprint, plain
from config.kernel.audit import chain


@transactions.atomic_retry
def request_approval(
    *, action: str, parameters: Parameters, reason: str, maker: User
) -> ApprovalRequest:
    """Write down a request with the target's present state and the foreseen effect.

    Args:
        action: name of a registered action.
        parameters: what the executor will be given; plain JSON values, ids as text.
        reason: why, at least ten characters.
        maker: the operator who asks; can never approve it.

    Raises:
        registry.UnknownAction: no such action.
        rules.MakerLacksRole: the action asks for a permission that the maker lacks.
        rules.ReasonTooShort: the reason is none.
        SaomaError: whatever reading the target's state raises, NotFound above all.
    """
    entry = registry.action_named(action)
    if not queries.may_ask(maker, action):
        raise rules.MakerLacksRole(action=action)
    now = clock.now()
    values = plain(parameters)
    state = plain(entry.state(values))
    request = ApprovalRequest.objects.create(
        action=action,
        parameters=values,
        state=state,
        state_hash=fingerprint(state),
        effect=plain(entry.effect(values)),
        reason=rules.check_reason(reason),
        maker=maker,
        checkers_needed=entry.checkers,
        status=Status.PENDING,
        requested_at=now,
        expires_at=now + rules.LIFETIME,
    )
    chain.record(
        action="approval.requested",
        actor=f"operator:{maker.get_username()}",
        target=f"approval:{request.id}",
        purpose=request.reason[:PURPOSE_CHARACTERS],
        after={
            "action": action,
            "parameters": values,
            "state_hash": request.state_hash,
        },
    )
    return request
