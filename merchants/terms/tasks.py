"""Due work of settlement terms, and what two operators decide about them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from config.kernel import approvals, timetable
from config.kernel.actors import operator_actor
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import MerchantNotFound
from merchants.onboarding.queries import merchant as merchant_by_id
from merchants.onboarding.tasks import show_merchant
from merchants.onboarding.usecases.move_merchant import merchant_target
from merchants.terms import queries, rules
from merchants.terms.models import PayoutHold
from merchants.terms.usecases.change_bank_account import (
    apply_changes,
    change_bank_account,
    check_bank_account,
    masked_account,
)
from merchants.terms.usecases.hold_payouts import (
    hold_for_case,
    hold_target,
    lift_hold,
    release_payouts,
)
from merchants.terms.usecases.set_terms import (
    calendar_target,
    set_calendar_day,
    set_method_fee,
    set_payout_terms,
)
from merchants.terms.values import FeeTerms, PayoutTerms, Schedule
from wallet import public as wallet

SET_PAYOUT_TERMS = "settlement.set_payout_terms"
SET_FEE = "settlement.set_fee"
SET_CALENDAR_DAY = "settlement.set_calendar_day"
LIFT_HOLD = "settlement.lift_hold"
RELEASE_PAYOUTS = "risk.release_payouts"
CHANGE_BANK_ACCOUNT = "settlement.change_bank_account"
PAYOUT_FIELDS = (
    "delay_days",
    "calendar",
    "schedule",
    "schedule_day",
    "minimum_minor",
    "reserve_bps",
    "reserve_days",
)
FEE_FIELDS = ("fee_bps", "fixed_minor", "minimum_minor", "maximum_minor", "kept_on_refund")


@timetable.job(
    "terms.apply_bank_accounts",
    tells="the contact was told when the change was approved",
    next_due=queries.next_change,
)
def apply_bank_accounts(now: datetime) -> int:
    """Let bank accounts take effect whose cooling period is over."""
    return apply_changes(now=now)


def _shown(name: str) -> Callable[[approvals.Parameters], approvals.Facts]:
    """Show a parameter under its own name."""
    label = name.replace("_minor", " (minor units)").replace("_bps", " (basis points)")
    label = label.replace("_", " ")

    def show(parameters: approvals.Parameters) -> approvals.Facts:
        value = parameters.get(name)
        return {label: "none" if value in {None, ""} else str(value)}

    return show


wallet.holds_payouts(hold_for_case)


def _merchant(parameters: approvals.Parameters) -> Merchant:
    return merchant_by_id(approvals.id_in(parameters, "merchant_id", MerchantNotFound))


def _target(parameters: approvals.Parameters) -> str:
    return merchant_target(_merchant(parameters).id)


def _day(parameters: approvals.Parameters, name: str) -> date:
    try:
        return date.fromisoformat(str(parameters[name]))
    except ValueError as error:
        raise rules.TermsInvalid(field=name, expected="YYYY-MM-DD") from error


def _number(parameters: approvals.Parameters, name: str) -> int:
    value = parameters.get(name) or 0
    if isinstance(value, bool) or not isinstance(value, int):
        raise rules.TermsInvalid(field=name, expected="a whole number")
    return value


def _optional(parameters: approvals.Parameters, name: str) -> int | None:
    return None if parameters.get(name) is None else _number(parameters, name)


def payout_terms_of(parameters: Mapping[str, Any]) -> PayoutTerms:
    """Read payout terms from a request's parameters."""
    try:
        schedule = Schedule(str(parameters["schedule"]))
    except ValueError as error:
        raise rules.TermsInvalid(field="schedule", expected=", ".join(Schedule)) from error
    return PayoutTerms(
        delay_days=_number(parameters, "delay_days"),
        calendar=str(parameters.get("calendar") or ""),
        schedule=schedule,
        schedule_day=_optional(parameters, "schedule_day"),
        minimum_minor=_number(parameters, "minimum_minor"),
        reserve_bps=_number(parameters, "reserve_bps"),
        reserve_days=_number(parameters, "reserve_days"),
    )


def fee_terms_of(parameters: Mapping[str, Any]) -> FeeTerms:
    """Read a fee from a request's parameters."""
    return FeeTerms(
        fee_bps=_number(parameters, "fee_bps"),
        minimum_minor=_number(parameters, "minimum_minor"),
        maximum_minor=_optional(parameters, "maximum_minor"),
        fixed_minor=_number(parameters, "fixed_minor"),
        kept_on_refund=parameters.get("kept_on_refund") is True,
    )


def _words(terms: PayoutTerms) -> str:
    when = f"{terms.schedule} {terms.schedule_day or ''}".strip()
    calendar = terms.calendar or "every day"
    reserve = f"{terms.reserve_bps} bp for {terms.reserve_days} days"
    return (
        f"T+{terms.delay_days} ({calendar}), {when}, from {terms.minimum_minor}, reserve {reserve}"
    )


def _fee_words(terms: FeeTerms) -> str:
    most = "no maximum" if terms.maximum_minor is None else f"at most {terms.maximum_minor}"
    back = "kept on refunds" if terms.kept_on_refund else "given back on refunds"
    return (
        f"{terms.fee_bps} bp + {terms.fixed_minor}, at least {terms.minimum_minor}, {most}, {back}"
    )


def terms_state(parameters: approvals.Parameters) -> approvals.Facts:
    """What a decision on terms rests on."""
    merchant = _merchant(parameters)
    today = queries.today_of(merchant)
    holds = queries.live_holds().filter(merchant=merchant).values_list("reason", flat=True)
    return {
        "merchant number": merchant.merchant_number,
        "state": merchant.state,
        "payouts": _words(queries.payout_terms(merchant.id, today)),
        "fee": _fee_words(queries.fee_book(merchant).of("", today)),
        "on hold": "; ".join(holds) or "no",
        "payout account": masked_account(merchant),
    }


def check_payout_terms(parameters: approvals.Parameters) -> None:
    """Only terms that there can be, from a day that is still to come."""
    rules.check_payout_terms(payout_terms_of(parameters))
    today = queries.today_of(_merchant(parameters))
    rules.check_valid_from(_day(parameters, "valid_from"), today=today)


def foretell_payout_terms(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the payouts."""
    on = _day(parameters, "valid_from")
    before = queries.payout_terms(_merchant(parameters).id, on)
    return {
        f"payouts of days from {on}": approvals.change(
            _words(before), _words(payout_terms_of(parameters))
        ),
        "money": "nothing moves now",
    }


@approvals.action(
    SET_PAYOUT_TERMS,
    title="Set a merchant's payout terms",
    parameters={
        "merchant_id": show_merchant,
        **{name: _shown(name) for name in ("valid_from", *PAYOUT_FIELDS)},
    },
    target=_target,
    state=terms_state,
    check=check_payout_terms,
    effect=foretell_payout_terms,
)
def set_payout_terms_approved(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: merchant_id, valid_from, terms."""
    row = set_payout_terms(
        merchant_id=_merchant(approved.parameters).id,
        valid_from=_day(approved.parameters, "valid_from"),
        terms=payout_terms_of(approved.parameters),
        actor=operator_actor(approved.checkers[-1]),
    )
    return {"version": row.version}


def check_fee(parameters: approvals.Parameters) -> None:
    """Only a fee that there can be, from a day that is still to come."""
    rules.check_fee_terms(str(parameters.get("method") or ""), fee_terms_of(parameters))
    today = queries.today_of(_merchant(parameters))
    rules.check_valid_from(_day(parameters, "valid_from"), today=today)


def foretell_fee(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the fee."""
    on, method = _day(parameters, "valid_from"), str(parameters.get("method") or "")
    before = queries.fee_book(_merchant(parameters)).of(method, on)
    return {
        f"fee of {method or 'all methods'} from {on}": approvals.change(
            _fee_words(before), _fee_words(fee_terms_of(parameters))
        ),
        "money": "nothing moves now",
    }


@approvals.action(
    SET_FEE,
    title="Set a merchant's fee",
    parameters={
        "merchant_id": show_merchant,
        **{name: _shown(name) for name in ("method", "valid_from", *FEE_FIELDS)},
    },
    target=_target,
    state=terms_state,
    check=check_fee,
    effect=foretell_fee,
)
def set_fee_approved(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: merchant_id, method, the fee."""
    row = set_method_fee(
        merchant_id=_merchant(approved.parameters).id,
        method=str(approved.parameters.get("method") or ""),
        valid_from=_day(approved.parameters, "valid_from"),
        terms=fee_terms_of(approved.parameters),
        actor=operator_actor(approved.checkers[-1]),
    )
    return {"version": row.version}


def check_on_hold(parameters: approvals.Parameters) -> None:
    """Only a hold that there is can be lifted."""
    if queries.hold_by_hand(_merchant(parameters).id) is None:
        raise rules.HoldNotFound()


def foretell_lift(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the payouts that wait."""
    merchant = _merchant(parameters)
    hold = queries.hold_by_hand(merchant.id)
    others = queries.live_holds().filter(merchant=merchant, case_id__isnull=False)
    then = "wait for a risk case" if others.exists() else "go out as their days come"
    return {
        "payouts": approvals.change("on hold", then),
        "held because": hold.reason if hold else "-",
    }


@approvals.action(
    LIFT_HOLD,
    title="Lift the hold on a merchant's payouts",
    parameters={"merchant_id": show_merchant},
    target=_target,
    state=terms_state,
    check=check_on_hold,
    effect=foretell_lift,
)
def lift_hold_approved(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameter: merchant_id."""
    hold = lift_hold(
        merchant_id=_merchant(approved.parameters).id, actor=operator_actor(approved.checkers[-1])
    )
    return {"hold": str(hold.id)}


def _hold(parameters: approvals.Parameters) -> PayoutHold:
    hold_id = approvals.id_in(parameters, "hold", rules.HoldNotFound)
    rows = PayoutHold.objects.select_related("merchant")
    hold = rows.filter(id=hold_id, case_id__isnull=False).first()
    if hold is None:
        raise rules.HoldNotFound()
    return hold


def show_hold(parameters: approvals.Parameters) -> approvals.Facts:
    """Whose payouts are held, for which case."""
    hold = _hold(parameters)
    return {
        "merchant": approvals.Link(
            hold.merchant.name, "onboarding.Merchant", str(hold.merchant_id)
        ),
        "case": approvals.Link(hold.reason, "risk.RiskCase", str(hold.case_id)),
        "since": f"{hold.placed_at:%Y-%m-%d %H:%M %Z}",
    }


def state_of_hold(parameters: approvals.Parameters) -> approvals.Facts:
    """Whether the hold stands."""
    return {"released": str(_hold(parameters).lifted_at or "-")}


def check_hold(parameters: approvals.Parameters) -> None:
    """Only what is held."""
    if _hold(parameters).lifted_at is not None:
        raise rules.HoldNotFound()


def foretell_release(parameters: approvals.Parameters) -> approvals.Facts:
    """What waits for the bank goes, where nothing else holds it."""
    hold = _hold(parameters)
    others = queries.live_holds().filter(merchant_id=hold.merchant_id).exclude(id=hold.id)
    then = "held" if others.exists() else "paid out at their next time"
    return {"payouts": approvals.change("held", then)}


def target_hold(parameters: approvals.Parameters) -> str:
    """The hold."""
    return hold_target(_hold(parameters).id)


@approvals.action(
    RELEASE_PAYOUTS,
    title="Let held payouts go",
    parameters={"hold": show_hold},
    target=target_hold,
    state=state_of_hold,
    check=check_hold,
    effect=foretell_release,
)
def let_go(approved: approvals.Approved) -> approvals.Facts:
    """Release a risk case's hold."""
    hold = release_payouts(
        hold_id=_hold(approved.parameters).id,
        actor=operator_actor(approved.checkers[-1]),
        reason=approved.reason,
    )
    return {"released": str(hold.lifted_at)}


def _account(parameters: approvals.Parameters) -> dict[str, str]:
    return {name: str(parameters.get(name) or "") for name in ("bank", "account", "holder")}


def check_account(parameters: approvals.Parameters) -> None:
    """Only one change waits at a time, and of an account that can be paid to."""
    check_bank_account(**_account(parameters))
    if queries.waiting_changes().filter(merchant=_merchant(parameters)).exists():
        raise rules.AccountChangeWaiting()


def foretell_account(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the account, and who is told."""
    merchant, account = _merchant(parameters), _account(parameters)
    return {
        "payouts go to": approvals.change(
            f"{merchant.payout_bank} {merchant.payout_account}, {merchant.payout_holder}",
            f"{account['bank']} {account['account']}, {account['holder']}",
        ),
        "when": "after the cooling period; the owner is told at once, by the phone known so far",
    }


@approvals.action(
    CHANGE_BANK_ACCOUNT,
    title="Change the bank account of a merchant's payouts",
    parameters={
        "merchant_id": show_merchant,
        **{name: _shown(name) for name in ("bank", "account", "holder")},
    },
    target=_target,
    state=terms_state,
    check=check_account,
    effect=foretell_account,
)
def change_bank_account_approved(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: merchant_id, bank, account, holder."""
    change = change_bank_account(
        merchant_id=_merchant(approved.parameters).id,
        actor=operator_actor(approved.checkers[-1]),
        **_account(approved.parameters),
    )
    return {"takes effect": change.takes_effect_at.isoformat()}


def _calendar_day(parameters: approvals.Parameters) -> tuple[str, date]:
    return str(parameters["calendar"]), _day(parameters, "day")


def calendar_state(parameters: approvals.Parameters) -> approvals.Facts:
    """What the house says of the day so far."""
    calendar, day = _calendar_day(parameters)
    decided = queries.overrides(calendar).get(day)
    return {"decided": "as the libraries say" if decided is None else _working(decided)}


def check_calendar_day(parameters: approvals.Parameters) -> None:
    """Only a day of a calendar that there is."""
    calendar, _ = _calendar_day(parameters)
    rules.check_payout_terms(PayoutTerms(calendar=calendar or "?"))


def foretell_calendar_day(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the day."""
    calendar, day = _calendar_day(parameters)
    return {f"{calendar} {day}": _working(parameters.get("is_working") is True)}


def _working(is_working: bool) -> str:
    return "banks work" if is_working else "banks do not work"


def _target_day(parameters: approvals.Parameters) -> str:
    return calendar_target(*_calendar_day(parameters))


@approvals.action(
    SET_CALENDAR_DAY,
    title="Say whether banks work on a day",
    parameters={name: _shown(name) for name in ("calendar", "day", "is_working")},
    target=_target_day,
    state=calendar_state,
    check=check_calendar_day,
    effect=foretell_calendar_day,
)
def set_calendar_day_approved(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: calendar, day, is_working."""
    calendar, day = _calendar_day(approved.parameters)
    set_calendar_day(
        calendar=calendar,
        day=day,
        is_working=approved.parameters.get("is_working") is True,
        actor=operator_actor(approved.checkers[-1]),
    )
    return {"calendar": calendar, "day": day.isoformat()}
