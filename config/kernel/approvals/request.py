"""Ask for something that a second operator must approve."""

from django.contrib.auth.models import User

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals import registry, rights, rules, targets
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.registry import Action
from config.kernel.approvals.steps import PURPOSE_CHARACTERS, digest_of, locked_request, move_on
from config.kernel.approvals.values import Parameters, Status, fingerprint, plain
from config.kernel.audit import chain


@transactions.atomic_retry
def request_approval(
    *, action: str, parameters: Parameters, reason: str, maker: User
) -> ApprovalRequest:
    """Write down a request with the target's present state and the foreseen effect.

    The same operator asking for the same again gets the request that waits already.

    Args:
        action: name of a registered action.
        parameters: what the executor will be given; plain JSON values, ids as text.
        reason: why, at least ten characters.
        maker: the operator who asks; can never approve it.

    Raises:
        registry.UnknownAction: no such action.
        registry.ParametersRefused: one that the action does not have.
        rules.MakerLacksRole: the maker has no right to ask for it.
        rules.RightsNotSeparate: the maker may approve it as well.
        rules.ReasonTooShort: the reason is none.
        rules.AlreadyRequested: another request on this target waits.
        SaomaError: whatever the action's check finds missing, or reading the target's
            state raises, NotFound above all.

    Locks: the target's version.
    """
    entry = registry.action_named(action)
    rights.check_maker(entry, maker)
    text = rules.check_reason(reason)
    values = plain(entry.stored(registry.whole_parameters(entry, plain(parameters))))
    target = registry.target_of(entry, values)
    version = targets.locked_version(target)
    waiting = _waiting(entry, target)
    if waiting is not None:
        if (waiting.maker_id, waiting.parameters, waiting.reason) == (maker.pk, values, text):
            return waiting
        raise rules.AlreadyRequested(request_id=str(waiting.id), target=target)
    state = plain(entry.state(values))
    entry.check(values)
    now = clock.now()
    request = ApprovalRequest.objects.create(
        action=action,
        parameters=values,
        target=target,
        target_version=version,
        state=state,
        state_hash=fingerprint(state),
        effect=plain(entry.effect(values)),
        reason=text,
        maker=maker,
        checkers_needed=entry.checkers,
        status=Status.PENDING,
        requested_at=now,
        expires_at=now + rules.LIFETIME,
    )
    _record(request)
    return request


def _waiting(entry: Action, target: str) -> ApprovalRequest | None:
    """The undecided request on a target; one whose time is over makes room for the next."""
    waiting = ApprovalRequest.objects.filter(
        action=entry.name, target=target, status=Status.PENDING
    ).first()
    if waiting is not None and rules.expired(expires_at=waiting.expires_at, now=clock.now()):
        move_on(locked_request(waiting.id), Status.EXPIRED, actor="system:approvals")
        return None
    return waiting


def _record(request: ApprovalRequest) -> None:
    chain.record(
        action="approval.requested",
        actor=operator_actor(request.maker.get_username()),
        target=f"approval:{request.id}",
        purpose=request.reason[:PURPOSE_CHARACTERS],
        before=request.state,
        after={
            "action": request.action,
            "parameters": request.parameters,
            "about": request.target,
            "effect": request.effect,
            "digest": digest_of(request),
        },
    )
