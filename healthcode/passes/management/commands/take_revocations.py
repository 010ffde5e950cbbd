"""`manage.py take_revocations`: lists of revoked certificates that issuers hand out."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import SaomaError
from healthcode.passes.usecases.take_revocations import take_batch, take_crl

KINDS = {"eu": take_batch, "shc": take_crl}


class Command(BaseCommand):
    """Take one list; what it names is taken as evidence no more."""

    help = "Takes an EU revocation batch or a SMART Health Cards CRL of a registered issuer."

    def add_arguments(self, parser: CommandParser) -> None:
        """The issuer's name, the kind of list and its file (`-` for standard input)."""
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("issuer")
        parser.add_argument("file")
        parser.add_argument("--actor", default="system:command")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many certificates the list names."""
        name = options["file"]
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        take = KINDS[options["kind"]]
        try:
            count = take(issuer=options["issuer"], data=data, actor=options["actor"])
        except SaomaError as error:
            raise CommandError(f"{error.code} {error.fields}") from error
        self.stdout.write(f"{count} certificates")
