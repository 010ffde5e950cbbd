"""`manage.py exposure`: what merchants owe the platform, as JSON lines."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.kernel import clock
from merchants.exposure import queries, rules
from merchants.onboarding.models import Merchant


class Command(BaseCommand):
    """One line a merchant, and a summary as the last line; exit 1 if one is over its ceiling."""

    help = (
        "What each merchant owes, what it has with us and how far it may come to owe, in minor "
        "units; one JSON object a line, the last one a summary by currency and age of debt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also merchants that owe nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        summary: dict[str, Any] = {"merchants": 0, "owing": 0, "over_ceiling": 0}
        totals: dict[str, dict[str, Any]] = {}
        for merchant in queries.merchants_with_accounts():
            line = _line(merchant)
            summary["merchants"] += 1
            summary["owing"] += line["owed_minor"] > 0
            summary["over_ceiling"] += line["over_ceiling"]
            _add(totals, line)
            if line["owed_minor"] or options["all"]:
                self.stdout.write(json.dumps(line, ensure_ascii=False))
        summary["currencies"] = totals
        self.stdout.write(json.dumps({"summary": summary}))
        if summary["over_ceiling"]:
            raise SystemExit(1)


def _line(merchant: Merchant) -> dict[str, Any]:
    funds = queries.funds_of(merchant)
    since = queries.owed_since(merchant)
    return {
        "merchant_id": merchant.merchant_number,
        "name": merchant.name,
        "state": merchant.state,
        "currency": merchant.currency,
        "owed_minor": funds.owed_minor,
        "ceiling_minor": funds.ceiling_minor,
        "pending_minor": funds.pending_minor,
        "fees_minor": funds.fees_minor,
        "payable_minor": funds.payable_minor,
        "balance_minor": funds.balance_minor,
        "over_ceiling": funds.owed_minor > funds.ceiling_minor,
        "owed_since": since.isoformat() if since else None,
        "age_days": rules.bucket(since=since, now=clock.now()) if since else None,
    }


def _add(totals: dict[str, dict[str, Any]], line: dict[str, Any]) -> None:
    total = totals.setdefault(line["currency"], {"owed_minor": 0, "by_age_days": {}})
    total["owed_minor"] += line["owed_minor"]
    if line["age_days"]:
        ages = total["by_age_days"]
        ages[line["age_days"]] = ages.get(line["age_days"], 0) + line["owed_minor"]
