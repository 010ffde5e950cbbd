"""The roles operators hold: none has everything, and makers are not their own checkers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission

from config.kernel import transactions
from config.kernel.errors import InvariantBroken, Refused


class RolesConflict(Refused):
    """One person must not hold both roles."""

    code = "roles_conflict"
    message = "These roles check each other and cannot be one person's."


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions.

    `views` are areas whose tables the role may look at; `may` what it may do beyond, as
    Django spells permissions.
    """

    views: tuple[str, ...]
    may: tuple[str, ...] = ()


_MONEY = (
    "payments",
    "authorisations",
    "agreements",
    "acceptance",
    "settlement",
    "payouts",
    "funds",
    "splits",
    "escrow",
    "customs",
    "ledger",
)
_ALL_BUT_HEALTH = (*_MONEY, "accounts", "onboarding", "gateway", "risk", "outbox", "approvals")
_HEALTH = (
    "health_subjects",
    "health_evidence",
    "health_rules",
    "health_decisions",
    "health_passes",
    "health_verification",
    "health_tracing",
    "health_footfall",
    "health_appeals",
    "approvals",
)
_WALLET_MONEY = ("accounts.review_withdrawal", "accounts.release_bankcallback")
ROLES: Mapping[str, Role] = {
    "support": Role(
        (
            "payments",
            "authorisations",
            "agreements",
            "acceptance",
            "accounts",
            "onboarding",
            "gateway",
        ),
        ("gateway.change_notification",),
    ),
    # Maker of refunds and of customers' money that needs a second look.
    "payments_ops": Role(
        (*_MONEY, "accounts", "gateway", "approvals"),
        ("agreements.change_agreement", *_WALLET_MONEY),
    ),
    "finance_ops": Role(
        (*_MONEY, "onboarding", "approvals"),
        ("settlement.change_settlementbatch", "payouts.change_payout"),
    ),
    "finance_approver": Role(
        (*_MONEY, "accounts", "onboarding", "approvals"),
        ("settlement.approve_settlementbatch", "payouts.approve_payout", *_WALLET_MONEY),
    ),
    # A freeze is one person's at once, for safety; its end takes two.
    "risk_analyst": Role(
        ("risk", "payments", "authorisations", "accounts", "approvals"),
        (
            "risk.change_riskcase",
            "accounts.freeze_walletuser",
            "accounts.unfreeze_walletuser",
            "accounts.suspend_kyc",
            "accounts.restore_kyc",
        ),
    ),
    "risk_approver": Role(
        ("risk", "payments", "authorisations", "accounts", "approvals"),
        ("accounts.unfreeze_walletuser", "accounts.restore_kyc"),
    ),
    "merchant_ops": Role(
        ("onboarding", "acceptance", "gateway", "approvals"),
        ("onboarding.change_merchant", "gateway.change_notification"),
    ),
    "merchant_approver": Role(("onboarding", "approvals"), ("onboarding.approve_merchant",)),
    "health_officer": Role(
        _HEALTH,
        (
            "health_decisions.add_override",
            "health_decisions.add_personlist",
            "health_passes.add_regionagreement",
            "health_appeals.change_appeal",
            "health_rules.add_rulesetversion",
            "health_tracing.add_tracecase",
            "health_tracing.change_tracecase",
            "health_subjects.change_guardianship",
            "health_passes.add_pass",
            "health_subjects.change_device",
            "health_verification.add_venue",
            "health_verification.change_venue",
            "health_verification.add_venuepolicy",
            "health_verification.change_venuepolicy",
            "health_verification.change_terminal",
        ),
    ),
    "health_approver": Role(
        _HEALTH,
        (
            "health_decisions.change_override",
            "health_decisions.change_personlist",
            "health_passes.change_regionagreement",
            "health_subjects.approve_guardianship",
            "health_tracing.approve_tracecase",
            "health_appeals.change_appeal",
            "health_rules.change_rulesetversion",
        ),
    ),
    "clinician": Role(("health_subjects", "health_evidence", "health_decisions")),
    "privacy_officer": Role(("health_subjects", "health_verification", "audit")),
    # Users only: who gives out rights neither sees nor moves money.
    "iam_admin": Role(
        (), ("auth.view_user", "auth.add_user", "auth.change_user", "auth.view_group")
    ),
    "auditor": Role((*_ALL_BUT_HEALTH, "audit", "auth")),
    "teacher": Role((*_ALL_BUT_HEALTH, "audit")),
}
# Pairs that must not meet in one person: makers and their checkers, health and risk.
APART: tuple[tuple[str, str], ...] = (
    ("payments_ops", "finance_approver"),
    ("finance_ops", "finance_approver"),
    ("risk_analyst", "risk_approver"),
    ("merchant_ops", "merchant_approver"),
    ("health_officer", "health_approver"),
    ("health_officer", "risk_analyst"),
    ("health_officer", "risk_approver"),
    ("health_approver", "risk_analyst"),
    ("health_approver", "risk_approver"),
)


def check_separate(names: Iterable[str]) -> None:
    """Check that roles may be one person's.

    Raises:
        RolesConflict: two of them check each other; it names them.
    """
    held = set(names)
    for first, second in APART:
        if first in held and second in held:
            raise RolesConflict(field="groups", roles=f"{first}, {second}")


@transactions.atomic_retry
def create_roles() -> list[str]:
    """Make every role with exactly its permissions; safe to repeat after each migration.

    Returns the roles' names.

    Raises:
        InvariantBroken: a role names a permission that no table has.
    """
    for name, role in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set([*_views(role.views), *_named(role.may)])
    return list(ROLES)


def _views(areas: tuple[str, ...]) -> list[Permission]:
    return list(
        Permission.objects.filter(content_type__app_label__in=areas, codename__startswith="view_")
    )


def _named(names: tuple[str, ...]) -> list[Permission]:
    found = []
    for name in names:
        area, codename = name.split(".")
        permission = Permission.objects.filter(
            content_type__app_label=area, codename=codename
        ).first()
        if permission is None:
            raise InvariantBroken(f"there is no permission {name}")
        found.append(permission)
    return found
