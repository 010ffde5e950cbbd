"""`manage.py ask health.import_list wish.json --operator mia --reason …`: ask for an approval.

The same wish as on the panel's page: by an operator who proves who they are, decided by others
in the panel. The file (`-` for standard input) holds the action's parameters as JSON;
the password is asked for, or stands in SAOMA_OPERATOR_PASSWORD.
"""

import getpass
import json
import os
import sys
from pathlib import Path
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.access import factor_session, second_factor
from config.kernel.approvals.request import request_approval
from config.kernel.errors import SaomaError
from config.kernel.strict_json import read_json

FROM_ENVIRONMENT = "SAOMA_OPERATOR_PASSWORD"
ADDRESS = "process"


class Command(BaseCommand):
    """Asks for one action under four eyes."""

    help = "Ask for an action that others approve; with the operator's password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what is asked for, by whom and why."""
        parser.add_argument("action", help="its name, such as health.declare_area")
        parser.add_argument("parameters", help="a file of JSON, or - for standard input")
        parser.add_argument("--operator", required=True)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--code", default="", help="of the second factor, where one is set up")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the wish as one JSON object."""
        try:
            operator = _operator(options["operator"], options["code"])
            approval = request_approval(
                action=options["action"],
                parameters=_parameters(options["parameters"]),
                reason=options["reason"],
                maker=operator,
            )
        except SaomaError as error:
            raise CommandError(f"{error.code}: {error.message} {error.fields}") from error
        summary = {"id": str(approval.id), "status": approval.status, "effect": approval.effect}
        self.stdout.write(json.dumps(summary, ensure_ascii=False))


def _operator(name: str, code: str) -> User:
    password = os.environ.get(FROM_ENVIRONMENT) or getpass.getpass(f"Password of {name}: ")
    try:
        operator = authenticate(None, username=name, password=password)
    except PermissionDenied:
        operator = None
    if operator is None or not operator.is_staff:
        raise CommandError("no such operator, or the password is wrong")
    if factor_session.is_demanded(operator):
        second_factor.accept(operator=operator, code=code, address=ADDRESS, target="command:ask")
    return operator


def _parameters(name: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        parameters = read_json(text)
    except (OSError, ValueError) as error:
        raise CommandError(f"the parameters cannot be read: {error}") from error
    if not isinstance(parameters, dict):
        raise CommandError("the parameters are a JSON object")
    return parameters
