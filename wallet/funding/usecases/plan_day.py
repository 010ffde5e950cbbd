"""Schedule the settlement of a business day with the fund and the lender."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from config.kernel import clock
from wallet.funding import rules
from wallet.funding.models import FundingDay


def plan_day(day: date | None = None) -> None:
    """Plan the settlement of a house day, today if none is named; again changes nothing."""
    day = day or clock.house_day(clock.now())
    FundingDay.objects.get_or_create(
        day=day, defaults={"due_at": rules.settles_at(day, ZoneInfo(settings.TIME_ZONE))}
    )
