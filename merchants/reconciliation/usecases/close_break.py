"""Close a break by a template, once a second operator agrees."""

import uuid

from config.kernel import approvals, clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals.steps import PURPOSE_CHARACTERS
from config.kernel.audit import chain
from merchants.reconciliation import queries, rules
from merchants.reconciliation.models import Break
from merchants.reconciliation.usecases.reconcile_day import keep_breaks, target_of
from merchants.reconciliation.values import CURRENCY, BreakState, Template
from wallet import money
from wallet.public import (
    Draft,
    account_id,
    credit,
    debit,
    earliest_value_at,
    open_system_account,
    post_journal,
)

CLOSE = "reconciliation.close"
SUSPENSE = "suspense:unmatched"


@transactions.atomic_retry
def close_break(*, break_id: uuid.UUID, template: Template) -> Break:
    """Close an open break; the day is compared once more before anything is posted.

    SUSPENSE lets our account at the bank follow the bank: what the bank moved and we did
    not book goes to `suspense:unmatched` (Dr `asset:custodian_bank`, Cr suspense for money
    that came in, the reverse for money that went out), counting from the bank's day.
    EXPLAINED posts nothing.

    Raises:
        rules.BreakNotFound: there is no such break.
        rules.BreakClosed: it is not open, or the comparison changed it just now.
        rules.TemplateUnfit: its difference is not money of our account.

    Locks: the day's statement, its breaks, then the ledger accounts.
    """
    break_row = queries.break_by_id(break_id)
    keep_breaks(day=break_row.day)
    row = Break.objects.select_for_update().get(id=break_id)
    if (row.kind, row.ours_minor, row.theirs_minor) != (
        break_row.kind,
        break_row.ours_minor,
        break_row.theirs_minor,
    ):
        raise rules.BreakClosed(state=row.state)
    _check(row, template)
    row.journal_id = _post(row) if template is Template.SUSPENSE else None
    row.template, row.state, row.closed_at = template, BreakState.RESOLVED, clock.now()
    row.save(update_fields=["journal_id", "template", "state", "closed_at"])
    return row


def _difference(row: Break) -> int:
    return rules.owed_to_suspense(ours_minor=row.ours_minor, theirs_minor=row.theirs_minor)


def _check(row: Break, template: str) -> None:
    rules.check_closable(
        state=row.state,
        kind=row.kind,
        template=template,
        difference_minor=_difference(row) if row.currency == CURRENCY else 0,
    )


def _post(row: Break) -> uuid.UUID:
    difference_minor = _difference(row)
    bank, suspense = account_id(queries.BANK), open_system_account(SUSPENSE)
    debited, credited = (bank, suspense) if difference_minor > 0 else (suspense, bank)
    now = clock.now()
    day_begins, _ = queries.house_bounds(row.day)
    return post_journal(
        Draft(
            key=f"reconciled:{row.id}",
            kind=queries.RECONCILED,
            lines=(
                debit(debited, abs(difference_minor), row.currency),
                credit(credited, abs(difference_minor), row.currency),
            ),
            posted_at=now,
            business_date=clock.house_day(),
            reference=target_of(row),
            narrative=f"{row.kind} of {row.day}, to suspense",
            value_at=max(day_begins, earliest_value_at(queries.RECONCILED, now)),
        )
    )


def _break(parameters: approvals.Parameters) -> Break:
    return queries.break_by_id(approvals.id_in(parameters, "break_id", rules.BreakNotFound))


def _money(amount_minor: int | None, currency: str) -> str:
    if amount_minor is None:
        return "nothing"
    return f"{money.format_amount(amount_minor, currency)} {currency}"


def show_break(parameters: approvals.Parameters) -> approvals.Facts:
    """What differs, by how much, since when."""
    row = _break(parameters)
    return {
        "break": approvals.Link(str(row), "reconciliation.Break", str(row.id)),
        "day": f"{row.day:%Y-%m-%d}",
        "the bank's reference": row.bank_reference or "none",
        "with us": _money(row.ours_minor, row.currency),
        "at the bank": _money(row.theirs_minor, row.currency),
    }


def show_template(parameters: approvals.Parameters) -> approvals.Facts:
    """What closing it so means."""
    return {
        "closed by": {
            Template.SUSPENSE.value: "our books follow the bank; the difference is in suspense",
            Template.EXPLAINED.value: "explained by the reason given; nothing is posted",
        }.get(str(parameters["template"]), "unknown")
    }


def _state(parameters: approvals.Parameters) -> approvals.Facts:
    row = _break(parameters)
    return {
        "break": row.state,
        "kind": row.kind,
        "with us": _money(row.ours_minor, row.currency),
        "at the bank": _money(row.theirs_minor, row.currency),
    }


def check_close(parameters: approvals.Parameters) -> None:
    """Only an open break is closed, by a template that fits its kind."""
    _check(_break(parameters), str(parameters["template"]))


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    row = _break(parameters)
    facts: dict[str, object] = {"break": approvals.change(row.state, BreakState.RESOLVED.value)}
    if parameters["template"] != Template.SUSPENSE:
        return {**facts, "money": "nothing is posted"}
    difference_minor = _difference(row)
    amount = _money(abs(difference_minor), row.currency)
    sides = (queries.BANK, SUSPENSE) if difference_minor > 0 else (SUSPENSE, queries.BANK)
    return {**facts, f"debit {sides[0]}": amount, f"credit {sides[1]}": amount}


def target_break(parameters: approvals.Parameters) -> str:
    """The break."""
    return target_of(_break(parameters))


@approvals.action(
    CLOSE,
    title="Close a break with the bank",
    parameters={"break_id": show_break, "template": show_template},
    target=target_break,
    state=_state,
    check=check_close,
    effect=_effect,
)
def close_approved(approved: approvals.Approved) -> approvals.Facts:
    """Executor of the approval: the break closed, and who let it be."""
    row = close_break(
        break_id=_break(approved.parameters).id,
        template=Template(str(approved.parameters["template"])),
    )
    journal_id = str(row.journal_id) if row.journal_id else None
    chain.record(
        action=CLOSE,
        actor=operator_actor(approved.checkers[-1]),
        target=target_of(row),
        purpose=approved.reason[:PURPOSE_CHARACTERS],
        before={"state": BreakState.OPEN.value, "kind": row.kind},
        after={
            "state": row.state,
            "template": row.template,
            "journal_id": journal_id,
            "maker": approved.maker,
            "checkers": list(approved.checkers),
            "approval": str(approved.request_id),
        },
    )
    return {"journal_id": journal_id}
