"""manage.py first_merchant: the first merchant of an installation."""

import json
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import SaomaError
from merchants.onboarding.usecases.apply_for_merchant import Application
from merchants.onboarding.usecases.onboard_first_merchant import onboard_first_merchant


class Command(BaseCommand):
    """Onboards one merchant while there is none; afterwards merchants apply by themselves."""

    help = "Onboard the first merchant, asked for by one operator and approved by another."

    def add_arguments(self, parser: CommandParser) -> None:
        """The shop, its owner, the public half of its app's key, and the two operators."""
        for name in ("owner-phone", "name", "short-name", "mcc", "city", "app-public-key"):
            parser.add_argument(f"--{name}", required=True)
        for name in ("requested-by", "approved-by"):
            parser.add_argument(f"--{name}", required=True, help="login name of an operator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print as JSON what the merchant's program is set up with."""
        for name in (options["requested_by"], options["approved_by"]):
            if not User.objects.filter(username=name, is_staff=True, is_active=True).exists():
                raise CommandError(f"{name} is no operator: see manage.py first_operators")
        try:
            merchant = onboard_first_merchant(
                owner_phone=options["owner_phone"],
                application=Application(
                    name=options["name"],
                    short_name=options["short_name"],
                    mcc=options["mcc"],
                    city=options["city"],
                ),
                app_public_key=Path(options["app_public_key"]).read_text(encoding="utf-8"),
                requested_by=options["requested_by"],
                approved_by=options["approved_by"],
            )
        except SaomaError as error:
            field = f" ({error.field})" if error.field else ""
            raise CommandError(f"{error}{field}") from error
        except (OSError, UnicodeError) as error:
            raise CommandError(f"the key cannot be read: {error}") from error
        facts = {
            "merchant_id": merchant.merchant_number,
            "app_id": merchant.app_number,
            "gateway_public_key": merchant.gateway_public_key,
        }
        self.stdout.write(json.dumps(facts))
