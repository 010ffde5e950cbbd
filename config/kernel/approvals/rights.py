"""Rights on actions: rows that follow from the registry, held through roles or directly.

Being a superuser gives none of them: four eyes hold for everybody.
"""

from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from config.kernel import clock
from config.kernel.approvals import registry, rules, sponsors
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.registry import APP, Action

VERBS = {"ask": "Can ask for", "approve": "Can approve", "view": "Can read requests of"}
TITLE_CHARACTERS = 255


def create_rights() -> None:
    """Make the rows of every action's rights; safe to repeat."""
    kind = ContentType.objects.get_for_model(ApprovalRequest)
    names = {
        registry.right(verb, entry.name).partition(".")[2]: f"{words}: {entry.title}"
        for entry in registry.actions()
        for verb, words in VERBS.items()
    }
    present = set(Permission.objects.filter(content_type=kind).values_list("codename", flat=True))
    Permission.objects.bulk_create(
        (
            Permission(content_type=kind, codename=codename, name=name[:TITLE_CHARACTERS])
            for codename, name in names.items()
            if codename not in present
        ),
        ignore_conflicts=True,
    )


def rights_of(operator: User) -> frozenset[str]:
    """The rights on actions that an operator holds by a role or directly, read afresh."""
    if not (operator.is_active and operator.is_staff):
        return frozenset()
    owners = Q(user=operator) | Q(group__user=operator)
    codenames = Permission.objects.filter(owners, content_type__app_label=APP).values_list(
        "codename", flat=True
    )
    return frozenset(f"{APP}.{codename}" for codename in codenames)


def check_maker(entry: Action, maker: User) -> None:
    """Check that an operator may ask for an action.

    Raises:
        rules.MakerLacksRole: no role or right of theirs says so.
        rules.RightsNotSeparate: they may approve it as well.
    """
    rights = rights_of(maker)
    if entry.maker_permission not in rights:
        raise rules.MakerLacksRole(action=entry.name)
    if entry.permission in rights:
        raise rules.RightsNotSeparate(action=entry.name)


def check_checker(entry: Action, maker: User, checker: User) -> None:
    """Check that an operator may decide on a maker's request, now.

    Raises:
        rules.SelfApproval: they are the maker.
        rules.CheckerLacksRole: no role or right of theirs says so.
        rules.RightsNotSeparate: they may ask for the action as well.
        rules.CheckerMadeByMaker: the maker created or promoted them.
        rules.CheckerTooNew: they were created or promoted a short time ago.
    """
    rules.check_other(maker_id=maker.pk, checker_id=checker.pk)
    rights = rights_of(checker)
    if entry.permission not in rights:
        raise rules.CheckerLacksRole(action=entry.name)
    if entry.maker_permission in rights:
        raise rules.RightsNotSeparate(action=entry.name)
    if sponsors.made_by(maker, [checker.pk]):
        raise rules.CheckerMadeByMaker(action=entry.name)
    promoted_at = sponsors.promoted_at([checker.pk]).get(checker.pk)
    if rules.cooling(promoted_at=promoted_at, now=clock.now()):
        raise rules.CheckerTooNew(action=entry.name)
