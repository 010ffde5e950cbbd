"""Write a merchant's next terms down: fees, payouts, and days of a calendar."""

import uuid
from datetime import date

from config.kernel import transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchant_for_money
from merchants.onboarding.usecases.move_merchant import merchant_target
from merchants.terms import queries, rules
from merchants.terms.models import CalendarDay, MethodFee, PayoutTermsVersion
from merchants.terms.values import FeeTerms, PayoutTerms


@transactions.atomic_retry
def set_payout_terms(
    *, merchant_id: uuid.UUID, valid_from: date, terms: PayoutTerms, actor: str
) -> PayoutTermsVersion:
    """Let other payout terms hold from a business date on. Only an approval calls it.

    Raises:
        MerchantNotFound: there is no such merchant.
        rules.TermsInvalid, rules.TermsBackdated: there cannot be such terms.

    Locks: the merchant's version, then the merchant.
    """
    rules.check_payout_terms(terms)
    merchant = _locked(merchant_id, valid_from, actor)
    rows = PayoutTermsVersion.objects.filter(merchant=merchant)
    row = PayoutTermsVersion.objects.create(
        merchant=merchant,
        version=rows.count() + 1,
        valid_from=valid_from,
        delay_days=terms.delay_days,
        calendar=terms.calendar,
        schedule=terms.schedule,
        schedule_day=terms.schedule_day,
        minimum_minor=terms.minimum_minor,
        reserve_bps=terms.reserve_bps,
        reserve_days=terms.reserve_days,
        decided_by=actor,
    )
    _record("merchant.payout_terms_set", merchant, actor, {"id": str(row.id), "terms": str(row)})
    return row


@transactions.atomic_retry
def set_method_fee(
    *, merchant_id: uuid.UUID, method: str, valid_from: date, terms: FeeTerms, actor: str
) -> MethodFee:
    """Let another fee hold for a method ("" for all) from a business date on.

    Only an approval calls it.

    Raises: as `set_payout_terms`.

    Locks: the merchant's version, then the merchant.
    """
    rules.check_fee_terms(method, terms)
    merchant = _locked(merchant_id, valid_from, actor)
    rows = MethodFee.objects.filter(merchant=merchant)
    row = MethodFee.objects.create(
        merchant=merchant,
        version=rows.count() + 1,
        method=method,
        valid_from=valid_from,
        fee_bps=terms.fee_bps,
        fixed_minor=terms.fixed_minor,
        minimum_minor=terms.minimum_minor,
        maximum_minor=terms.maximum_minor,
        kept_on_refund=terms.kept_on_refund,
        decided_by=actor,
    )
    _record("merchant.fee_set", merchant, actor, {"id": str(row.id), "fee": str(row)})
    return row


@transactions.atomic_retry
def set_calendar_day(*, calendar: str, day: date, is_working: bool, actor: str) -> CalendarDay:
    """Say of one day whether banks of a country work. Only an approval calls it.

    Payout days that were fixed before do not move.

    Raises:
        rules.TermsInvalid: there is no such calendar.
    """
    rules.check_payout_terms(PayoutTerms(calendar=calendar or "?"))
    targets.moved(calendar_target(calendar, day), actor=actor)
    row, _ = CalendarDay.objects.update_or_create(
        calendar=calendar, day=day, defaults={"is_working": is_working, "decided_by": actor}
    )
    record(
        action="settlement.calendar_day_set",
        actor=actor,
        target=calendar_target(calendar, day),
        after={"is_working": is_working},
    )
    return row


def calendar_target(calendar: str, day: date) -> str:
    """A calendar's day as approvals name it."""
    return f"calendar_day:{calendar}-{day.isoformat()}"


def _locked(merchant_id: uuid.UUID, valid_from: date, actor: str) -> Merchant:
    targets.moved(merchant_target(merchant_id), actor=actor)
    merchant = merchant_for_money(merchant_id)
    rules.check_valid_from(valid_from, today=queries.today_of(merchant))
    return merchant


def _record(action: str, merchant: Merchant, actor: str, after: dict[str, object]) -> None:
    record(action=action, actor=actor, target=f"merchant:{merchant.id}", after=after)
