"""Approval actions about a merchant's debt."""

from datetime import datetime

from config.kernel import approvals, timetable
from config.kernel.actors import operator_actor
from config.kernel.due_times import Earliest
from merchants.exposure import queries, rules
from merchants.exposure.models import WatchedDebt
from merchants.exposure.usecases.set_ceiling import set_ceiling
from merchants.exposure.usecases.watch_debt import watch_due
from merchants.exposure.usecases.write_off import LOSS, write_off
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import MerchantNotFound
from merchants.onboarding.queries import merchant as merchant_by_id
from merchants.onboarding.tasks import show_merchant
from merchants.onboarding.usecases.move_merchant import merchant_target
from wallet.money import format_amount

# The panel of merchants asks for them by these names.
SET_CEILING = "merchants.set_ceiling"
WRITE_OFF = "settlement.write_off"


# When the next debt is looked at.
_next_debt = Earliest(WatchedDebt.objects.all, "due_at")


@timetable.job("exposure.watch_debts", tells="an alarm for operators", next_due=_next_debt)
def watch_debts(now: datetime) -> int:
    """Call the operators about debts that have become older."""
    return watch_due(now=now)


def show_ceiling(parameters: approvals.Parameters) -> approvals.Facts:
    """The ceiling that is asked for."""
    return {"ceiling": _words(_merchant(parameters), _ceiling(parameters))}


def ceiling_facts(parameters: approvals.Parameters) -> approvals.Facts:
    """What a decision on a ceiling rests on."""
    merchant = _merchant(parameters)
    return {
        "merchant number": merchant.merchant_number,
        "state": merchant.state,
        "ceiling": _words(merchant, merchant.credit_minor),
    }


def check_asked(parameters: approvals.Parameters) -> None:
    """Only a merchant that there is gets a ceiling, and one within range."""
    _merchant(parameters)
    ceiling_minor = _ceiling(parameters)
    if ceiling_minor is not None:
        rules.check_ceiling(ceiling_minor)


def foretell_ceiling(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the ceiling, beside what is owed."""
    merchant = _merchant(parameters)
    before = _words(merchant, merchant.credit_minor)
    after = _words(merchant, _ceiling(parameters))
    facts: dict[str, object] = {"ceiling": approvals.change(before, after)}
    if merchant.receivable_account_id is not None:
        owed_minor = queries.funds_of(merchant).owed_minor
        facts["owed now"] = f"{format_amount(owed_minor, merchant.currency)} {merchant.currency}"
    return facts


def target_ceiling(parameters: approvals.Parameters) -> str:
    """The merchant."""
    return merchant_target(_merchant(parameters).id)


@approvals.action(
    SET_CEILING,
    title="Set how much a merchant may come to owe",
    parameters={"merchant_id": show_merchant, "ceiling_minor": show_ceiling},
    target=target_ceiling,
    state=ceiling_facts,
    check=check_asked,
    effect=foretell_ceiling,
)
def set_approved(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: merchant_id, ceiling_minor or None."""
    merchant = set_ceiling(
        merchant_id=_merchant(approved.parameters).id,
        ceiling_minor=_ceiling(approved.parameters),
        actor=operator_actor(approved.checkers[-1]),
    )
    return {"merchant": merchant.merchant_number, "credit_minor": merchant.credit_minor}


def show_amount(parameters: approvals.Parameters) -> approvals.Facts:
    """How much is to be written off."""
    return {"write off": _words(_merchant(parameters), _amount(parameters))}


def debt_facts(parameters: approvals.Parameters) -> approvals.Facts:
    """What a decision on a debt rests on."""
    merchant = _merchant(parameters)
    since = queries.owed_since(merchant)
    return {
        "merchant number": merchant.merchant_number,
        "state": merchant.state,
        "owed": _words(merchant, queries.funds_of(merchant).owed_minor),
        "since": since.date().isoformat() if since else "-",
    }


def check_write_off(parameters: approvals.Parameters) -> None:
    """Only what is owed is written off."""
    owed_minor = queries.funds_of(_merchant(parameters)).owed_minor
    rules.check_write_off(amount_minor=_amount(parameters), owed_minor=owed_minor)


def foretell_write_off(parameters: approvals.Parameters) -> approvals.Facts:
    """The entries, and what is left of the debt."""
    merchant, amount_minor = _merchant(parameters), _amount(parameters)
    owed_minor = queries.funds_of(merchant).owed_minor
    after = _words(merchant, owed_minor - amount_minor)
    return {
        "owed": approvals.change(_words(merchant, owed_minor), after),
        f"debit {LOSS}": _words(merchant, amount_minor),
        f"credit receivable from {merchant.name}": _words(merchant, amount_minor),
    }


@approvals.action(
    WRITE_OFF,
    title="Write a merchant's debt off",
    parameters={"merchant_id": show_merchant, "amount_minor": show_amount},
    target=target_ceiling,
    state=debt_facts,
    check=check_write_off,
    effect=foretell_write_off,
)
def write_off_approved(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: merchant_id, amount_minor."""
    journal_id = write_off(
        merchant_id=_merchant(approved.parameters).id,
        amount_minor=_amount(approved.parameters),
        actor=operator_actor(approved.checkers[-1]),
    )
    return {"journal_id": str(journal_id)}


def _amount(parameters: approvals.Parameters) -> int:
    amount = parameters.get("amount_minor")
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise rules.NothingOwed(field="amount_minor")
    return amount


def _merchant(parameters: approvals.Parameters) -> Merchant:
    return merchant_by_id(approvals.id_in(parameters, "merchant_id", MerchantNotFound))


def _ceiling(parameters: approvals.Parameters) -> int | None:
    ceiling = parameters.get("ceiling_minor")
    if ceiling is None:
        return None
    if isinstance(ceiling, bool) or not isinstance(ceiling, int):
        raise rules.CeilingOutOfRange(field="ceiling_minor")
    return ceiling


def _words(merchant: Merchant, ceiling_minor: int | None) -> str:
    if ceiling_minor is None:
        return "the house's"
    return f"{format_amount(ceiling_minor, merchant.currency)} {merchant.currency}"
