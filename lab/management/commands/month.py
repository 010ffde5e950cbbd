"""`manage.py month --payments 40000 --seed 1`: a month of three shops, played and proved."""

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lab.month import proof
from lab.month.plan import DAYS, FIRST_DAY, plan_month
from lab.month.play import AFTERMATH, play
from merchants.settlement.models import SettlementBatch

PAYMENTS_A_BUYER = 100
LEAST_BUYERS, MOST_BUYERS = 6, 400


class Command(BaseCommand):
    """One line a merchant and day, a summary as the last line; exit 1 where anything differs."""

    help = (
        "Play a month of 3 merchants in 3 zones with cut-off hours 0, 2 and 23 in an empty "
        "database: sales, refunds, splits, disputes, a week of holidays, a clock change. Then "
        "hold six totals a merchant and day together, read the files back, reconcile each day, "
        "settle all days again and compare the bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--payments", type=int, default=40_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--first", type=date.fromisoformat, default=FIRST_DAY)
        parser.add_argument("--days", type=int, default=DAYS)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LAB_MODE:
            raise CommandError("a month is played in lab mode only (SAOMA_LAB_MODE=1)")
        call_command("migrate", verbosity=0, interactive=False)
        if SettlementBatch.objects.exists():
            raise CommandError("a month is played in a database without payments")
        first, days, payments = options["first"], options["days"], options["payments"]
        buyers = min(MOST_BUYERS, max(LEAST_BUYERS, payments // PAYMENTS_A_BUYER))
        plan = plan_month(
            payments=payments, seed=options["seed"], first=first, days=days, payers=buyers
        )
        month = play(plan, first=first)
        # The day before the first is the one on which the buyers were given their money.
        begins = first - timedelta(days=1)
        ends = first + timedelta(days=days) + AFTERMATH
        totals = proof.totals_of(month)
        for total in totals:
            self.stdout.write(json.dumps(proof.as_line(total)))
        bytes_before = proof.digest(month, begins, ends)
        gross = proof.gross_differences(month)
        dated = proof.dated_differences(month)
        files = proof.file_differences(begins, ends)
        netted = proof.netted_differences(month)
        breaks = proof.breaks(begins, ends)
        proof.settle_again(begins, ends)
        summary = {
            "payments": payments,
            "seed": options["seed"],
            "shops": proof.shop_names(),
            "done": dict(sorted(month.done.items())),
            "merchant_days": len(totals),
            "settled": sum(total.is_settled for total in totals),
            "differing": sum(not total.ties for total in totals),
            "paid_out_minor": sum(total.payout_file_minor for total in totals),
            "gross_differing": gross,
            "dates_differing": dated,
            "files_differing": files,
            "netted_differing": netted,
            "breaks": breaks,
            "digest": bytes_before,
            "second_run_identical": proof.digest(month, begins, ends) == bytes_before,
        }
        wrong = summary["differing"] or gross or dated or netted or files or breaks
        summary["ties"] = not wrong and bool(summary["second_run_identical"])
        self.stdout.write(json.dumps({"summary": summary}, ensure_ascii=False))
        call_command("verify_ledger", stdout=self.stdout)
        if not summary["ties"]:
            raise SystemExit(1)
