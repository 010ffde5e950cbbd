"""A payer's own choices: the order of sources, a line, and whether offers may be shown."""

import uuid
from collections.abc import Sequence

from config.kernel import clock, transactions
from wallet.accounts import queries as accounts
from wallet.accounts.values import UserState
from wallet.funding import queries, rules
from wallet.funding.models import CreditLine, FundingOrder, MarketingConsent


@transactions.atomic_retry
def set_order(*, user_id: uuid.UUID, sources: Sequence[str]) -> Sequence[str]:
    """Say which sources are asked, in order, once the balance falls short; none is a choice too.

    Raises:
        SourcesInvalid: a source is no source, or named twice.
    """
    rules.check_order(sources)
    FundingOrder.objects.update_or_create(user_id=user_id, defaults={"sources": list(sources)})
    return sources


@transactions.atomic_retry
def apply_for_line(*, user_id: uuid.UUID) -> CreditLine:
    """Ask the lender for a pay-later line; it decides at once. Again gives the line.

    Nobody is verified here who is not an adult, so a proven identity is proof of age.

    Raises:
        LineRefused: the identity is not proven, or the wallet is not in use.

    Locks: nothing that payments wait for.
    """
    line = queries.locked_line(user_id)
    if line is not None:
        return line
    user = accounts.user(user_id)
    if user.kyc_tier < rules.LEAST_TIER or user.state != UserState.ACTIVE:
        raise rules.LineRefused()
    line, _ = CreditLine.objects.get_or_create(
        user_id=user_id, defaults={"limit_minor": rules.LINE_LIMIT_MINOR}
    )
    return line


@transactions.atomic_retry
def consent_to_offers(*, user_id: uuid.UUID) -> MarketingConsent:
    """Agree to be shown offers; again changes nothing."""
    row, _ = MarketingConsent.objects.get_or_create(user_id=user_id, withdrawn_at=None)
    return row


@transactions.atomic_retry
def withdraw_consent(*, user_id: uuid.UUID) -> None:
    """Take it back; again changes nothing."""
    rows = MarketingConsent.objects.filter(user_id=user_id, withdrawn_at__isnull=True)
    rows.update(withdrawn_at=clock.now())


def offers_for(user_id: uuid.UUID) -> list[dict[str, object]]:
    """What is offered to somebody who has agreed to it.

    It follows from what they have here already, and from nothing else they do.

    Raises:
        ConsentNeeded: they have not, or not any more.
    """
    if not queries.agrees_to_offers(user_id):
        raise rules.ConsentNeeded()
    offers: list[dict[str, object]] = []
    if queries.savings_of(user_id) is None:
        offers.append({"product": "SAVINGS", "yield_bps": rules.YIELD_BPS})
    if queries.line_of(user_id) is None:
        offers.append({"product": "CREDIT", "limit_minor": rules.LINE_LIMIT_MINOR})
    return offers
