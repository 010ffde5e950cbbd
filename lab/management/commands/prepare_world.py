"""`manage.py prepare_world < seed.yaml`: make schema and seeded world, and keep it for resets."""

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.kernel.errors import SaomaError
from lab import seed_file
from lab.usecases.plant_seed import plant_seed
from lab.usecases.reset_world import keep_seeded


class Command(BaseCommand):
    """Reads a seed file from standard input."""

    help = "Make a world from a seed file on standard input; resets go back to it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, seed, keep."""
        if not settings.LAB_MODE:
            raise CommandError("worlds are seeded in lab mode only (SAOMA_LAB_MODE=1)")
        try:
            seed = seed_file.read_yaml(sys.stdin.read())
            call_command("migrate", verbosity=0, interactive=False)
            plant_seed(seed)
        except seed_file.SeedFileInvalid as error:
            raise CommandError("\n".join(error.mistakes)) from error
        except SaomaError as error:
            raise CommandError(str(error)) from error
        keep_seeded(seed=seed.seed)
