"""`manage.py abuses`: the book of abuses as a table."""

from typing import Any

from django.core.management.base import BaseCommand

from healthcode.abuses.queries import abuses

COLUMNS = ("name", "tried", "before", "stopped_by", "seen", "recorded")


class Command(BaseCommand):
    """Print what was tried, before and after, what was seen and recorded; and how many."""

    help = "Prints what was tried with health codes elsewhere and what stops it here."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table."""
        book = abuses()
        for abuse in book:
            self.stdout.write(" | ".join(getattr(abuse, name) for name in COLUMNS))
        self.stdout.write(f"{len(book)} abuses")
