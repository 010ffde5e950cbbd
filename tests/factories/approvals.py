"""An action of the tests' own: it renames a group of operators."""

from django.contrib.auth.models import Group, User

from config.kernel import approvals
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.errors import NotFound, Refused
from tests.factories.operators import make_operator

RENAME = "tests.rename_group"
RENAME_BY_TWO = "tests.rename_group_by_two"
MAY_RENAME = "auth.change_group"
MAY_ASK = "auth.view_group"
REASON = "the desk has moved to another floor"


class GroupGone(NotFound):
    """The group is not there."""

    code = "group_gone"


class NameRefused(Refused):
    """The new name is refused after it was written."""

    code = "name_refused"


def _state(parameters: approvals.Parameters) -> approvals.Facts:
    group = Group.objects.filter(pk=str(parameters["group"])).first()
    if group is None:
        raise GroupGone()
    return {"name": group.name}


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    return {"new name": parameters["name"]}


@approvals.action(RENAME_BY_TWO, permission=MAY_RENAME, state=_state, effect=_effect, checkers=2)
def rename_by_two(approved: approvals.Approved) -> approvals.Facts:
    """Rename, with two checkers."""
    return rename(approved)


@approvals.action(
    RENAME, permission=MAY_RENAME, maker_permission=MAY_ASK, state=_state, effect=_effect
)
def rename(approved: approvals.Approved) -> approvals.Facts:
    """Rename the group; the name "refused" is refused once it is written."""
    name = str(approved.parameters["name"])
    Group.objects.filter(pk=str(approved.parameters["group"])).update(name=name)
    if name == "refused":
        raise NameRefused(name=name)
    return {"name": name, "maker": approved.maker, "checkers": list(approved.checkers)}


class Desk:
    """A group to rename, the operator who asks for it and two who may approve."""

    def __init__(self) -> None:
        self.group = Group.objects.create(name="old")
        self.mia = make_operator("mia", MAY_ASK, MAY_RENAME)
        self.carl = make_operator("carl", MAY_RENAME)
        self.cleo = make_operator("cleo", MAY_RENAME)

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

    def approve(self, request: ApprovalRequest, checker: User | None = None) -> ApprovalRequest:
        """Let a checker, Carl by default, approve."""
        return approve_request(request_id=request.id, checker=checker or self.carl)

    def name(self) -> str:
        """The group's name as stored."""
        return Group.objects.get(pk=self.group.pk).name
