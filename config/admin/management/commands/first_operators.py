"""`manage.py first_operators`: create the first operators of a new installation."""

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from config.admin import operators
from config.kernel.errors import SaomaError

EXAMPLE = "ida=iam_admin ben=iam_approver carl=iam_approver"


class Command(BaseCommand):
    """Makes the first operators of an installation; afterwards approved requests do."""

    help = f"Make the first operators, with their roles: {EXAMPLE}"

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, as what."""
        parser.add_argument("operators", nargs="+", metavar="NAME=ROLE[,ROLE]")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print for each operator the link to set a password, good for an hour."""
        roles = {}
        for text in options["operators"]:
            name, _, names = text.partition("=")
            if not (name and names) or name in roles:
                raise CommandError(f"{text!r} is not NAME=ROLE[,ROLE], each name once")
            roles[name] = names.split(",")
        try:
            newcomers = operators.create_first_operators(roles=roles)
        except SaomaError as error:
            raise CommandError(f"{error.message} {error.fields or ''}".strip()) from error
        for operator in newcomers:
            uid = urlsafe_base64_encode(force_bytes(operator.pk))
            token = default_token_generator.make_token(operator)
            link = settings.PUBLIC_URL + reverse("operator_password", args=[uid, token])
            self.stdout.write(f"{operator.username}: {link}")
