"""`manage.py read_bank_message FILE`: act on a pain.002 or camt.054 of the bank."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from merchants.payouts import iso20022
from merchants.payouts.usecases.receive_message import process_message, receive_message


class Command(BaseCommand):
    """Prints what came of it as JSON; exit 2 where the file cannot be read, nothing changed."""

    help = "Read what the bank says of payouts (pain.002.001.10, camt.054.001.08) and act on it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            message, _ = receive_message(content=options["file"].read_bytes())
        except (OSError, iso20022.BankMessageInvalid) as error:
            code = getattr(error, "code", "file_not_readable")
            self.stdout.write(json.dumps({"summary": {"error": code, "message": str(error)}}))
            raise SystemExit(2) from error
        counts = process_message(message_id=message.id)
        self.stdout.write(json.dumps({"summary": dict(sorted(counts.items()))}))
