"""An action of the tests' own: it renames a group of operators."""

from django.contrib.auth.models import Group, User

from config.kernel import approvals, clock
from config.kernel.access import guard
from config.kernel.approvals import registry
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest, ApprovalVote
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Status
from config.kernel.errors import NotFound, Refused
from tests.factories.operators import BY_THE_TEST, make_checker, make_maker

RENAME = "tests.rename_group"
RENAME_BY_TWO = "tests.rename_group_by_two"
MAY_RENAME = registry.right("approve", RENAME)
MAY_ASK = registry.right("ask", RENAME)
REASON = "the desk has moved to another floor"


class GroupGone(NotFound):
    """The group is not there."""

    code = "group_gone"


class NameRefused(Refused):
    """The new name is refused after it was written."""

    code = "name_refused"


def _group(parameters: approvals.Parameters) -> Group:
    group = Group.objects.filter(pk=str(parameters["group"])).first()
    if group is None:
        raise GroupGone()
    return group


def _state(parameters: approvals.Parameters) -> approvals.Facts:
    return {"name": _group(parameters).name}


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    return {"new name": parameters["name"]}


def _show_group(parameters: approvals.Parameters) -> approvals.Facts:
    group = _group(parameters)
    return {"group": approvals.Link(group.name, "auth.Group", str(group.pk))}


def _show_name(parameters: approvals.Parameters) -> approvals.Facts:
    return {"name asked for": parameters["name"]}


def _check(parameters: approvals.Parameters) -> None:
    if parameters["name"] == "forbidden":
        raise NameRefused(name="forbidden")


def group_target(parameters: approvals.Parameters) -> str:
    """The group."""
    return f"group:{parameters['group']}"


@approvals.action(
    RENAME_BY_TWO,
    title="Rename a group, with two checkers",
    parameters={"group": _show_group, "name": _show_name},
    target=group_target,
    state=_state,
    check=_check,
    effect=_effect,
    checkers=2,
)
def rename_by_two(approved: approvals.Approved) -> approvals.Facts:
    """Rename, with two checkers."""
    return rename(approved)


@approvals.action(
    RENAME,
    title="Rename a group",
    parameters={"group": _show_group, "name": _show_name},
    target=group_target,
    state=_state,
    check=_check,
    effect=_effect,
)
def rename(approved: approvals.Approved) -> approvals.Facts:
    """Rename the group; the name "refused" is refused once it is written."""
    name = str(approved.parameters["name"])
    with guard.under(BY_THE_TEST):
        Group.objects.filter(pk=str(approved.parameters["group"])).update(name=name)
    if name == "refused":
        raise NameRefused(name=name)
    return {"name": name, "maker": approved.maker, "checkers": list(approved.checkers)}


class Desk:
    """A group to rename, the operator who asks for it and two who may approve."""

    def __init__(self) -> None:
        self.group = Group.objects.create(name="old")
        self.mia = make_maker("mia", RENAME, RENAME_BY_TWO)
        self.carl = make_checker("carl", RENAME, RENAME_BY_TWO)
        self.cleo = make_checker("cleo", RENAME, RENAME_BY_TWO)

    def ask(
        self, name: str = "new", *, action: str = RENAME, maker: User | None = None
    ) -> ApprovalRequest:
        """Ask for a new name."""
        return request_approval(
            action=action,
            parameters={"group": self.group.pk, "name": name},
            reason=REASON,
            maker=maker or self.mia,
        )

    def change_by_hand(self, name: str) -> None:
        """Another way to the target than the request's."""
        with guard.under(BY_THE_TEST):
            Group.objects.filter(pk=self.group.pk).update(name=name)

    def take_rights(self, checker: User) -> None:
        """A checker loses all rights."""
        with guard.under(BY_THE_TEST):
            checker.user_permissions.clear()

    def approve(self, request: ApprovalRequest, checker: User | None = None) -> ApprovalRequest:
        """Let a checker, Carl by default, approve."""
        return approve_request(request_id=request.id, checker=checker or self.carl)

    def approved_and_left(self) -> ApprovalRequest:
        """A request with its vote whose approver's process died before carrying it out."""
        request = self.ask()
        ApprovalVote.objects.create(
            request=request, maker=self.mia, checker=self.carl, approves=True
        )
        ApprovalRequest.objects.filter(id=request.id).update(
            status=Status.APPROVED, decided_at=clock.now()
        )
        return request

    def name(self) -> str:
        """The group's name as stored."""
        return Group.objects.get(pk=self.group.pk).name
