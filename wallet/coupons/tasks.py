"""What two operators decide about campaigns, and the job that ends them."""

from datetime import datetime

from config.kernel import approvals, clock, timetable
from config.kernel.actors import operator_actor
from config.kernel.approvals.registry import Reader
from wallet.coupons import queries, rules
from wallet.coupons.models import Campaign
from wallet.coupons.usecases.end_campaigns import end_campaigns
from wallet.coupons.usecases.start_campaign import (
    BANK,
    FUNDS,
    campaign_target,
    start_campaign,
)
from wallet.coupons.values import Terms
from wallet.money import format_amount

START_CAMPAIGN = "coupons.start_campaign"
_AMOUNTS = ("amount_minor", "from_minor", "budget_minor")
_PARAMETERS = ("code", "name", *_AMOUNTS, "stacks", "ends_at")


def _terms(parameters: approvals.Parameters) -> Terms:
    """The terms that are asked for.

    Raises:
        rules.CampaignInvalid: naming what is none.
    """
    amounts = {}
    for name in _AMOUNTS:
        amount = parameters.get(name)
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise rules.CampaignInvalid(field=name, expected="whole minor units")
        amounts[name] = amount
    try:
        ends_at = datetime.fromisoformat(str(parameters.get("ends_at")))
    except ValueError as error:
        raise rules.CampaignInvalid(field="ends_at", expected="a moment") from error
    if ends_at.tzinfo is None:
        raise rules.CampaignInvalid(field="ends_at", expected="a moment with its zone")
    return Terms(
        code=str(parameters.get("code")),
        name=str(parameters.get("name")),
        stacks=parameters.get("stacks") is True,
        ends_at=ends_at,
        **amounts,
    )


def _shown(name: str) -> Reader:
    def show(parameters: approvals.Parameters) -> approvals.Facts:
        terms = _terms(parameters)
        figure = getattr(terms, name)
        if name in _AMOUNTS:
            return {name.removesuffix("_minor"): _words(figure)}
        return {name.replace("_", " "): figure.isoformat() if name == "ends_at" else figure}

    return show


def _words(amount_minor: int) -> str:
    return f"{format_amount(amount_minor, queries.CURRENCY)} {queries.CURRENCY}"


def state_of_code(parameters: approvals.Parameters) -> approvals.Facts:
    """Whether a campaign has the code already."""
    exists = Campaign.objects.filter(code=_terms(parameters).code).exists()
    return {"campaign of this code": "yes" if exists else "no"}


def check_campaign(parameters: approvals.Parameters) -> None:
    """Only terms that can be started."""
    terms = _terms(parameters)
    rules.check_terms(terms, now=clock.now())
    if Campaign.objects.filter(code=terms.code).exists():
        raise rules.CampaignExists(field="code")


def foretell_campaign(parameters: approvals.Parameters) -> approvals.Facts:
    """The entries, and how many coupons there will be."""
    terms = _terms(parameters)
    budget = _words(terms.budget_minor)
    return {
        f"debit {BANK}": budget,
        f"credit {FUNDS}": budget,
        "coupons at most": terms.budget_minor // terms.amount_minor,
    }


def target_of_campaign(parameters: approvals.Parameters) -> str:
    """The campaign by its code."""
    return campaign_target(_terms(parameters).code)


@approvals.action(
    START_CAMPAIGN,
    title="Start a coupon campaign",
    parameters={name: _shown(name) for name in _PARAMETERS},
    target=target_of_campaign,
    state=state_of_code,
    check=check_campaign,
    effect=foretell_campaign,
)
def start_approved(approved: approvals.Approved) -> approvals.Facts:
    """Carry out what two operators agreed on. Parameters: the terms of a campaign."""
    campaign = start_campaign(
        terms=_terms(approved.parameters), actor=operator_actor(approved.checkers[-1])
    )
    return {"campaign": campaign.code}


@timetable.job(
    "coupons.end",
    tells="the house's own money; what a coupon has paid for stays paid",
    next_due=queries.next_due,
)
def end(now: datetime) -> int:
    """End campaigns, and take back what nobody spent."""
    return end_campaigns(now=now)
