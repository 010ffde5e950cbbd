"""What operators decide about payment trust under four eyes only.

`admin` imports this module, and every process loads the admin, so that web and worker know
the same actions.
"""

from config.kernel.approvals import Approved, Facts, Link, Parameters, action, change, id_in
from wallet.accounts import queries as accounts
from wallet.accounts.approvals import actors, amount_in_words, customer_facts
from wallet.authorisations import queries, rules
from wallet.authorisations.models import TrustDispute
from wallet.authorisations.usecases.decide_trust_dispute import decide_trust_dispute
from wallet.authorisations.values import TrustDisputeState

DECIDE = "authorisations.decide_trust_dispute"


def _dispute(parameters: Parameters) -> TrustDispute:
    return queries.trust_dispute(id_in(parameters, "dispute", rules.TrustDisputeUnknown))


def _uphold(parameters: Parameters) -> bool:
    return parameters.get("uphold") is True


def show_dispute(parameters: Parameters) -> Facts:
    """Whose mark, for which debt, and what they say against it."""
    row = _dispute(parameters)
    arrears = row.arrears
    return {
        **customer_facts(accounts.user(row.user_id)),
        "arrears": Link(arrears.payment_number, "authorisations.Arrears", str(arrears.id)),
        "amount": amount_in_words(arrears.amount_minor, arrears.currency),
        "grounds": row.grounds,
    }


def show_decision(parameters: Parameters) -> Facts:
    """What is to become of the mark."""
    return {"the mark": "taken out" if _uphold(parameters) else "stays"}


def state_of_dispute(parameters: Parameters) -> Facts:
    """How the dispute and the debt stand."""
    row = _dispute(parameters)
    return {"state": row.state, "arrears": row.arrears.state}


def check_dispute(parameters: Parameters) -> None:
    """Only an open dispute is decided."""
    row = _dispute(parameters)
    if row.state != TrustDisputeState.OPEN:
        raise rules.TrustDisputeDecided(state=row.state)


def foretell_decision(parameters: Parameters) -> Facts:
    """What becomes of the customer's figure."""
    row = _dispute(parameters)
    before = queries.trust_of(row.user_id)
    after = queries.trust_without_mark(row.arrears) if _uphold(parameters) else before
    return {"payment trust": change(str(before.points), str(after.points))}


def target_dispute(parameters: Parameters) -> str:
    """The dispute."""
    return rules.dispute_target(_dispute(parameters).id)


@action(
    DECIDE,
    title="Decide a dispute of payment trust",
    parameters={"dispute": show_dispute, "uphold": show_decision},
    target=target_dispute,
    state=state_of_dispute,
    check=check_dispute,
    effect=foretell_decision,
)
def decide(approved: Approved) -> Facts:
    """Carry out what two operators agreed on."""
    row = decide_trust_dispute(
        dispute_id=_dispute(approved.parameters).id,
        uphold=_uphold(approved.parameters),
        finding=approved.reason,
        actor=actors(approved),
    )
    return {"dispute": row.state}
