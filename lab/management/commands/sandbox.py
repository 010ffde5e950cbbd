"""`manage.py sandbox`: everything a merchant's SDK must be told, as JSON."""

import base64
import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import SaomaError
from lab import demo_accounts, demo_keys, world
from merchants.gateway.ciphers import content_key


class Command(BaseCommand):
    """Prints addresses, ids and key files of one demo merchant and one demo buyer."""

    help = "Print what an SDK needs: gateway_url, app_id, key files, a merchant and a buyer."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which merchant and which buyer."""
        parser.add_argument(
            "--shop",
            default=demo_accounts.SHOPS[0].slug,
            choices=[shop.slug for shop in demo_accounts.SHOPS],
        )
        parser.add_argument(
            "--buyer", default=demo_accounts.CITIZENS[0].phone, help="phone or number"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one JSON object."""
        world.prepare()
        try:
            key = demo_keys.load(options["shop"])
            buyer = world.buyer(options["buyer"])
        except SaomaError as error:
            raise CommandError(str(error)) from error
        address = world.public_url()
        facts = {
            "gateway_url": f"{address}/gateway.do",
            "app_id": key.app_number,
            "app_private_key_file": key.private_key_file,
            "app_private_key_pkcs8_file": key.pkcs8_file,
            "gateway_public_key_file": str(demo_keys.gateway_public_key_file()),
            **demo_keys.certificates(options["shop"]),
            "merchant_id": key.merchant_number,
            "buyer_id": buyer.user_number,
            "buyer_login": buyer.phone,
            # As the gateway holds it against the name in a transfer: all of it.
            "buyer_name": buyer.name,
            "buyer_password": demo_accounts.PASSWORD,
            "buyer_pin": demo_accounts.PIN,
            "api_url": f"{address}/api/v1",
            "admin_url": f"{address}/admin/",
            "operator": demo_accounts.OPERATORS[0],
            "operator_password": demo_accounts.OPERATOR_PASSWORD,
            "store_id": "S1",
            "terminal_id": "T1",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "aes_key": base64.b64encode(
                content_key(settings.DERIVATION_KEY, key.app_number)
            ).decode(),
            "data_dir": str(settings.DATA_DIR),
        }
        self.stdout.write(json.dumps(facts, ensure_ascii=False))
