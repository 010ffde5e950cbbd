"""`manage.py prepare_world < seed.yaml`: make schema and seeded world, and keep it for resets."""

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import SaomaError
from lab import pump, recordings, seed_file
from lab.classroom.settle_in import SEED
from lab.scenarios import scratch
from lab.seed import seed_world
from lab.usecases.plant_seed import plant_seed
from lab.usecases.reset_world import keep_seeded


class Command(BaseCommand):
    """Reads a seed file from standard input."""

    help = "Make a world from a seed file on standard input; resets go back to it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --demo."""
        parser.add_argument("--demo", action="store_true", help="the demo's people, not a file's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, seed, keep."""
        if not settings.LAB_MODE:
            raise CommandError("worlds are seeded in lab mode only (SAOMA_LAB_MODE=1)")
        if options["demo"]:
            self._demo()
            return
        try:
            seed = seed_file.read_yaml(sys.stdin.read())
            call_command("migrate", verbosity=0, interactive=False)
            plant_seed(seed)
        except seed_file.SeedFileInvalid as error:
            raise CommandError("\n".join(error.mistakes)) from error
        except SaomaError as error:
            raise CommandError(str(error)) from error
        pump.run_round()
        keep_seeded(seed=seed.seed)

    def _demo(self) -> None:
        """The demo's people; the migrated database is kept for scenarios beside it."""
        call_command("migrate", verbosity=0, interactive=False)
        scratch.lend_empty(settings.DATA_DIR / recordings.WORLD)
        seed_world()
        # Else every copy would do the same work beside its first visitor.
        pump.run_round()
        keep_seeded(seed=SEED)
