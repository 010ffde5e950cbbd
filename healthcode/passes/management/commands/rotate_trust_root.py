"""`manage.py rotate_trust_root`: put a new root of trust lists in force."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from healthcode.passes.usecases.rotate_root_key import rotate_root


class Command(BaseCommand):
    """The new root is vouched for by the one before, whose private half is then destroyed."""

    help = "Puts a new root of trust lists in force; verifiers follow it by the chain."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who does it, for the audit log."""
        parser.add_argument("--actor", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, and name the root that signs from now on."""
        root = rotate_root(actor=options["actor"])
        self.stdout.write(f"Root {root.kid} signs trust lists from now on.")
