"""`manage.py break_glass`: a superuser for an emergency, and everybody hears of it."""

import logging
import secrets
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel import transactions
from config.kernel.access import guard, second_factor
from config.kernel.access.guard import Authority
from config.kernel.actors import operator_actor
from config.kernel.alarms.raise_alarm import raise_alarm
from config.kernel.audit import chain

log = logging.getLogger(__name__)
REASON_CHARACTERS = 10


class Command(BaseCommand):
    """Makes or wakes a superuser with a fresh password, against the law of two."""

    help = "Make a superuser in an emergency; alarms every operator and is in the audit log."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and why."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="at least ten characters")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the password once."""
        reason = options["reason"].strip()
        if len(reason) < REASON_CHARACTERS:
            raise CommandError("say why, in at least ten characters")
        password = secrets.token_urlsafe(18)
        break_glass(username=options["username"], password=password, reason=reason)
        log.critical("break-glass was used", extra={"operator": options["username"]})
        self.stdout.write(f"{options['username']}: {password}")
        self.stderr.write("Every operator is told. Change the password, and end the account soon.")


@transactions.atomic_retry
def break_glass(*, username: str, password: str, reason: str) -> None:
    """Give somebody all rights at once; the panel's home page tells everybody for a week."""
    authority = Authority("system:break_glass", reason, separate=False)
    with guard.under(authority):
        operator = User.objects.filter(username=username).first() or User(username=username)
        operator.is_active = operator.is_staff = operator.is_superuser = True
        operator.set_password(password)
        operator.save()
    # Whoever is called in an emergency may have no authenticator at hand.
    if second_factor.is_set_up(operator):
        second_factor.reset(operator=operator, authority=authority)
    chain.record(
        action="access.break_glass",
        actor="system:break_glass",
        target=operator_actor(username),
        purpose=reason[:256],
    )
    raise_alarm(
        kind="break_glass",
        facts={"operator": username, "reason": reason[:256]},
        actor="system:break_glass",
    )
