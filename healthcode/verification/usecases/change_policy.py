"""Say what a kind of venue lets in; each change is a version of its own."""

from collections.abc import Mapping, Sequence

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.verification import rules
from healthcode.verification.models import PolicyVersion, VenuePolicy


@transactions.atomic_retry
def change_policy(
    *,
    name: str,
    admits: Sequence[str],
    actor: str,
    approved_by: str = "",
    max_test_age_h: int | None = None,
    test_age_by_colour: Mapping[str, int] | None = None,
) -> VenuePolicy:
    """Make a policy, or put its next version in force; the same terms again change nothing.

    Args:
        name: of the policy.
        admits: colours that are let in.
        actor: who says so.
        approved_by: the other operator, without whom no red code is let in.
        max_test_age_h: how old a negative test may be, in hours; None asks for no test.
        test_age_by_colour: another age for single colours, as {"YELLOW": 24}.

    Raises:
        rules.PolicyUnsound: it cannot be applied.
        rules.RedTakesTwo: it lets red codes in, and nobody else has approved.

    Locks: the policy.
    """
    ages = dict(test_age_by_colour or {})
    rules.check_terms(admits, max_test_age_h, ages)
    rules.check_red(admits, actor=actor, approved_by=approved_by)
    made_by = f"{actor}, {approved_by}" if approved_by else actor
    terms = {
        "admits": sorted(admits),
        "max_test_age_h": max_test_age_h,
        "test_age_by_colour": ages,
    }
    policy, is_new = VenuePolicy.objects.select_for_update().get_or_create(
        name=name, defaults=terms
    )
    before = terms_of(policy)
    if not is_new:
        if before == terms:
            return policy
        policy.version += 1
        policy.admits, policy.max_test_age_h = terms["admits"], max_test_age_h
        policy.test_age_by_colour = ages
        policy.save()
    PolicyVersion.objects.create(
        policy=policy,
        version=policy.version,
        terms=terms,
        valid_from=clock.now(),
        made_by=made_by[:160],
    )
    chain.record(
        action="health.change_policy",
        actor=made_by[:128],
        target=f"policy:{policy.id}",
        before=None if is_new else before,
        after={**terms, "version": policy.version},
    )
    return policy


def terms_of(policy: VenuePolicy) -> dict[str, object]:
    """What a policy says now, to compare and to keep."""
    return {
        "admits": sorted(policy.admits),
        "max_test_age_h": policy.max_test_age_h,
        "test_age_by_colour": dict(policy.test_age_by_colour),
    }
