"""Reading settlement terms."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Least

from config.kernel import clock
from config.kernel.due_times import Earliest
from merchants.onboarding.models import Merchant
from merchants.onboarding.values import AppCredentials
from merchants.terms.models import (
    BankAccountChange,
    CalendarDay,
    MethodFee,
    PayoutHold,
    PayoutTermsVersion,
)
from merchants.terms.values import FeeTerms, PayoutTerms, Schedule
from wallet.business_days import business_date
from wallet.money import BPS_PER_WHOLE as WHOLE


@dataclass(frozen=True, slots=True)
class FeeBook:
    """All fees of a merchant, read once: by method and business date."""

    default: FeeTerms
    rows: tuple[MethodFee, ...]

    def of(self, method: str, on: date) -> FeeTerms:
        """The fee of a method on a day: its own, else the one of all methods."""
        for method_name in (method, ""):
            for row in self.rows:
                if row.method == method_name and row.valid_from <= on:
                    return fee_terms(row)
        return self.default

    def all_of(self, on: date) -> list[FeeTerms]:
        """The fees of a day: of every method, and of those that have none of their own."""
        return [self.of(method, on) for method in {"", *(row.method for row in self.rows)}]

    @property
    def is_plain(self) -> bool:
        """Whether one fee holds for every method and day."""
        return not self.rows


def fee_terms(row: MethodFee) -> FeeTerms:
    """A stored fee as terms."""
    return FeeTerms(
        fee_bps=row.fee_bps,
        minimum_minor=row.minimum_minor,
        maximum_minor=row.maximum_minor,
        fixed_minor=row.fixed_minor,
        kept_on_refund=row.kept_on_refund,
    )


def fee_book(merchant: Merchant) -> FeeBook:
    """A merchant's fees; without any of its own the rate of its approval holds."""
    rows = MethodFee.objects.filter(merchant=merchant).order_by("-valid_from", "-version")
    return FeeBook(FeeTerms(merchant.fee_bps), tuple(rows))


def fee_column(terms: FeeTerms) -> Combinable:
    """The fee of each row's `amount_minor`, worked out where the rows are: see payment_fee."""
    # Whole shares and rest apart: the product of both could leave the column's range.
    shares, rest = F("amount_minor") / WHOLE, F("amount_minor") % WHOLE
    rate_minor = shares * terms.fee_bps + (rest * terms.fee_bps + WHOLE // 2) / WHOLE
    column = BigIntegerField()
    fee = Greatest(rate_minor + terms.fixed_minor, terms.minimum_minor, output_field=column)
    bounds: list[Combinable | Value] = [F("amount_minor")]
    if terms.maximum_minor is not None:
        bounds.append(Value(terms.maximum_minor))
    return Least(fee, *bounds, output_field=column)


def payout_terms(merchant_id: uuid.UUID, on: date) -> PayoutTerms:
    """A merchant's payout terms on a business date; without any, T+0 on each day."""
    rows = PayoutTermsVersion.objects.filter(merchant_id=merchant_id, valid_from__lte=on)
    row = rows.order_by("-valid_from", "-version").first()
    if row is None:
        return PayoutTerms()
    return PayoutTerms(
        delay_days=row.delay_days,
        calendar=row.calendar,
        schedule=Schedule(row.schedule),
        schedule_day=row.schedule_day,
        minimum_minor=row.minimum_minor,
        reserve_bps=row.reserve_bps,
        reserve_days=row.reserve_days,
    )


def overrides(calendar: str) -> Mapping[date, bool]:
    """The days on which the house knows better than the libraries."""
    if not calendar:
        return {}
    return dict(CalendarDay.objects.filter(calendar=calendar).values_list("day", "is_working"))


def live_holds() -> QuerySet[PayoutHold]:
    """All that holds payouts: operators' holds and those of risk cases."""
    return PayoutHold.objects.filter(lifted_at__isnull=True)


def hold_by_hand(merchant_id: uuid.UUID) -> PayoutHold | None:
    """The hold that an operator placed on a merchant's payouts, if there is one."""
    return live_holds().filter(merchant_id=merchant_id, case_id__isnull=True).first()


def is_on_hold(merchant_id: uuid.UUID) -> bool:
    """Whether a merchant's payouts wait, whatever for."""
    return live_holds().filter(merchant_id=merchant_id).exists()


def held() -> Q:
    """A condition for rows with a merchant: its payouts are on hold."""
    return Q(Exists(live_holds().filter(merchant=OuterRef("merchant"))))


def waiting_changes() -> QuerySet[BankAccountChange]:
    """Changes of bank accounts in their cooling period, the next first."""
    rows = BankAccountChange.objects.filter(applied_at__isnull=True, cancelled_at__isnull=True)
    return rows.order_by("takes_effect_at")


# When the next change of a bank account takes effect.
next_change = Earliest(waiting_changes, "takes_effect_at")


def today_of(merchant: Merchant | AppCredentials, at: datetime | None = None) -> date:
    """The business day that a merchant has now, or had at a moment.

    Every journal of a merchant's money bears it, so that entries, batch, bill and statement
    speak of one day.
    """
    return business_date(at or clock.now(), zone=merchant.zone, cutoff_hour=merchant.cutoff_hour)
