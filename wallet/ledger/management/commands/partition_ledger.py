"""`manage.py partition_ledger 0-49 50-99`: lay the entries out by placement unit."""

import argparse
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wallet.ledger.usecases.partition_entries import Span, partition_entries


def span(text: str) -> Span:
    """First and last unit of a partition, as `50-99`."""
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
    if match is None:
        raise argparse.ArgumentTypeError("a span of units, as 50-99")
    return int(match[1]), int(match[2])


class Command(BaseCommand):
    """Partition the entries by list of unit; for an installation that is new, or stopped."""

    help = "Partition ledger_entry by placement unit (PostgreSQL; copies it under a lock)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("spans", nargs="+", type=span, help="together 0 to 99, each unit once")

    def handle(self, *args: Any, **options: Any) -> None:
        count = partition_entries(options["spans"])
        self.stdout.write(f"{count} entries in {len(options['spans'])} partitions")
