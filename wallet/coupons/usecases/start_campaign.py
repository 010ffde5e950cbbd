"""Start a campaign: the house brings its budget to the pool."""

from dataclasses import asdict

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from wallet.coupons import queries, rules
from wallet.coupons.models import Campaign
from wallet.coupons.values import Terms
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.usecases.post_journals import move_money

BANK, FUNDS, PROMO = "asset:custodian_bank", "house:promo_funds", "expense:promo"


@transactions.atomic_retry
def start_campaign(*, terms: Terms, actor: str) -> Campaign:
    """Let buyers claim coupons of these terms. Only the approval of two operators calls it.

    The budget comes in first (Dr `custodian_bank`, Cr `house:promo_funds`): what coupons
    pay to merchants is theirs, and clients' money does not stand in for it.

    Raises:
        rules.CampaignInvalid, rules.CampaignExists: there cannot be such a campaign.

    Locks: the target's version, then the ledger accounts.
    """
    now = clock.now()
    targets.moved(campaign_target(terms.code), actor=actor)
    rules.check_terms(terms, now=now)
    if Campaign.objects.filter(code=terms.code).exists():
        raise rules.CampaignExists(field="code")
    facts = {**asdict(terms), "name": terms.name.strip()}
    row = Campaign(**facts, started_at=now, started_by=actor)
    row.save(force_insert=True)
    move_budget(row, row.budget_minor)
    record(
        action="coupons.campaign_started",
        actor=actor,
        target=campaign_target(row.code),
        after={"budget_minor": row.budget_minor, "ends_at": row.ends_at.isoformat()},
    )
    return row


def campaign_target(code: str) -> str:
    """A campaign as approvals and the audit name it."""
    return f"campaign:{code}"


def move_budget(campaign: Campaign, in_minor: int) -> None:
    """Bring money of the house's into the pool, or take it out below zero."""
    bank, funds = open_system_account(BANK), open_system_account(FUNDS)
    debited, credited = (bank, funds) if in_minor > 0 else (funds, bank)
    reference = queries.reference_of(campaign, came_in=in_minor > 0)
    move_money(
        key=f"campaign:{reference}",
        kind="campaign",
        debited=debited,
        credited=credited,
        amount_minor=abs(in_minor),
        currency=queries.CURRENCY,
        at=clock.now(),
        reference=reference,
        narrative=campaign.name,
    )
