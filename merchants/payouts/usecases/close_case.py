"""Close a case about a payout by a template, once a second operator agrees."""

import uuid

from config.kernel import approvals, clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals.steps import PURPOSE_CHARACTERS
from config.kernel.audit import chain
from merchants.payouts import rules
from merchants.payouts.models import PayoutCase
from merchants.payouts.usecases.handle_case import case_target
from merchants.payouts.usecases.settle_payout import SUSPENSE
from merchants.payouts.values import CaseKind, CaseTemplate
from merchants.settlement.accounts import accounts_of
from merchants.settlement.usecases.lock_batch import lock_batch
from merchants.settlement.usecases.mark_batch import mark_batch
from merchants.settlement.values import BatchState
from wallet import money
from wallet.public import Draft, account_id, credit, debit, post_journal

CLOSE_CASE = "payouts.close_case"


@transactions.atomic_retry
def close_case(*, case_id: uuid.UUID, template: CaseTemplate, actor: str) -> PayoutCase:
    """Close an open case. Only the approval calls it.

    TO_MERCHANT takes recalled money out of suspense: it is the merchant's again, and the batch
    waits for another try. EXPLAINED posts nothing.

    Raises:
        rules.CaseNotFound, rules.CaseClosed, rules.CaseTemplateUnfit: it cannot be closed so.

    Locks: the merchant, the batch, the case, then the ledger accounts.
    """
    batch = lock_batch(_case(case_id).payout.batch_id)
    case = PayoutCase.objects.select_for_update(of=("self",)).get(id=case_id)
    _check(case, template)
    if template is CaseTemplate.TO_MERCHANT:
        payout = case.payout
        case.journal_id = post_journal(
            Draft(
                key=f"payout_case:{case.id}",
                kind="payout_case",
                lines=(
                    debit(account_id(SUSPENSE), payout.amount_minor, payout.currency),
                    credit(
                        accounts_of(batch.merchant).payable, payout.amount_minor, payout.currency
                    ),
                ),
                posted_at=clock.now(),
                business_date=batch.business_date,
                reference=str(batch.id),
                narrative="recalled payout, given to the merchant",
            )
        )
        case.in_suspense = False
        mark_batch(batch_id=batch.id, state=BatchState.PART_FAILED)
    case.closed_at, case.closed_by = clock.now(), actor
    case.save(update_fields=["journal_id", "in_suspense", "closed_at", "closed_by"])
    return case


def _case(case_id: uuid.UUID) -> PayoutCase:
    rows = PayoutCase.objects.select_related("payout__merchant", "payout__batch")
    case = rows.filter(id=case_id).first()
    if case is None:
        raise rules.CaseNotFound()
    return case


def _check(case: PayoutCase, template: str) -> None:
    if case.closed_at is not None:
        raise rules.CaseClosed()
    has_money = case.kind == CaseKind.RECALLED and case.in_suspense
    if template not in set(CaseTemplate):
        raise rules.CaseTemplateUnfit(field="template", expected=", ".join(CaseTemplate))
    if (template == CaseTemplate.TO_MERCHANT) != has_money and case.in_suspense:
        raise rules.CaseTemplateUnfit(field="template")
    if template == CaseTemplate.TO_MERCHANT and not has_money:
        raise rules.CaseTemplateUnfit(field="template")


def _asked(parameters: approvals.Parameters) -> PayoutCase:
    return _case(approvals.id_in(parameters, "case_id", rules.CaseNotFound))


def show_case(parameters: approvals.Parameters) -> approvals.Facts:
    """Which payout it is about, and what is the matter."""
    case = _asked(parameters)
    payout = case.payout
    amount = f"{money.format_amount(payout.amount_minor, payout.currency)} {payout.currency}"
    return {
        "case": approvals.Link(str(case), "payouts.PayoutCase", str(case.id)),
        "payout": approvals.Link(amount, "payouts.Payout", str(payout.id)),
        "merchant": approvals.Link(
            payout.merchant.name, "onboarding.Merchant", str(payout.merchant_id)
        ),
        "the bank says": case.reason or "nothing",
    }


def show_template(parameters: approvals.Parameters) -> approvals.Facts:
    """What closing it so means."""
    return {
        "closed by": {
            CaseTemplate.TO_MERCHANT.value: "the money in suspense is the merchant's again",
            CaseTemplate.EXPLAINED.value: "explained by the reason given; nothing is posted",
        }.get(str(parameters["template"]), "unknown")
    }


def _state(parameters: approvals.Parameters) -> approvals.Facts:
    case = _asked(parameters)
    return {
        "case": "closed" if case.closed_at else "open",
        "payout": case.payout.state,
        "in suspense": "yes" if case.in_suspense else "no",
    }


def check_case(parameters: approvals.Parameters) -> None:
    """Only an open case is closed, by a template that fits it."""
    _check(_asked(parameters), str(parameters["template"]))


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    case = _asked(parameters)
    payout = case.payout
    amount = f"{money.format_amount(payout.amount_minor, payout.currency)} {payout.currency}"
    facts: dict[str, object] = {"case": approvals.change("open", "closed")}
    if parameters["template"] != CaseTemplate.TO_MERCHANT:
        return {**facts, "money": "nothing is posted"}
    return {**facts, f"debit {SUSPENSE}": amount, f"credit payable to {payout.merchant}": amount}


def target_of_case(parameters: approvals.Parameters) -> str:
    """The case."""
    return case_target(_asked(parameters).id)


@approvals.action(
    CLOSE_CASE,
    title="Close a case about a payout",
    parameters={"case_id": show_case, "template": show_template},
    target=target_of_case,
    state=_state,
    check=check_case,
    effect=_effect,
)
def close_case_approved(approved: approvals.Approved) -> approvals.Facts:
    """Executor of the approval: the case closed, and who let it be."""
    actor = operator_actor(approved.checkers[-1])
    case = close_case(
        case_id=_asked(approved.parameters).id,
        template=CaseTemplate(str(approved.parameters["template"])),
        actor=actor,
    )
    journal_id = str(case.journal_id) if case.journal_id else None
    chain.record(
        action=CLOSE_CASE,
        actor=actor,
        target=case_target(case.id),
        purpose=approved.reason[:PURPOSE_CHARACTERS],
        before={"case": "open", "kind": case.kind},
        after={
            "case": "closed",
            "journal_id": journal_id,
            "maker": approved.maker,
            "checkers": list(approved.checkers),
            "approval": str(approved.request_id),
        },
    )
    return {"journal_id": journal_id}
