"""manage.py reseal_secrets: seal every stored secret with the newest master key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kernel.usecases.reseal_secrets import reseal_secrets


class Command(BaseCommand):
    """Seal with SAOMA_MASTER_KEY whatever one of SAOMA_MASTER_KEY_FALLBACKS sealed.

    May be stopped and run again. Exits non-zero where a secret opens with no key.
    """

    help = "Seal every stored secret anew with SAOMA_MASTER_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        report = reseal_secrets(progress=self.stdout.write)
        for row in report.broken:
            self.stderr.write(f"opens with no key of the ring: {row}")
        if report.broken:
            raise CommandError(f"{len(report.broken)} secrets were left as they are")
        self.stdout.write(f"{report.read} secrets read, {report.resealed} sealed anew")
