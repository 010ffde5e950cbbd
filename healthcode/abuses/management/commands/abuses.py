"""`manage.py abuses`: the book of abuses as a table."""

from typing import Any

from django.core.management.base import BaseCommand

from healthcode.abuses.queries import abuses


class Command(BaseCommand):
    """Print name, try and obstacle of each scenario, and how many there are."""

    help = "Prints what was tried with health codes elsewhere and what stops it here."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table."""
        book = abuses()
        for abuse in book:
            self.stdout.write(f"{abuse.name} | {abuse.tried} | {abuse.stopped_by}")
        self.stdout.write(f"{len(book)} abuses")
