"""Who created or promoted an operator: they do not count as independent approvers.

Whatever creates an operator or gives one a right writes it here; the approvals read it.
"""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Max

from config.kernel import clock
from config.kernel.approvals.models import OperatorSponsor
from config.kernel.approvals.values import SponsorAct


def record_sponsor(*, operator: User, sponsors: Collection[User], act: SponsorAct) -> None:
    """Write down that operators made or promoted another: who asked and who approved.

    Call it in the transaction of the change itself.
    """
    now = clock.now()
    OperatorSponsor.objects.bulk_create(
        OperatorSponsor(operator=operator, sponsor=sponsor, act=act, at=now) for sponsor in sponsors
    )


def made_by(maker: User, operator_ids: Collection[int]) -> set[int]:
    """Which of some operators a maker has created or promoted."""
    rows = OperatorSponsor.objects.filter(sponsor=maker, operator_id__in=operator_ids)
    return set(rows.values_list("operator_id", flat=True))


def promoted_at(operator_ids: Collection[int]) -> dict[int, datetime]:
    """When each of some operators was last created or promoted by another, if ever."""
    rows = OperatorSponsor.objects.filter(operator_id__in=operator_ids)
    return dict(rows.order_by().values_list("operator_id").annotate(last=Max("at")))
