"""`manage.py clock`: read or advance the world's clock (lab mode)."""

import json
import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel import clock
from config.kernel.usecases.advance_clock import advance_clock

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_span(text: str) -> timedelta:
    """Read a span such as `90s`, `24m`, `1d` or `1d12h`.

    Raises:
        ValueError: it is none.
    """
    parts = re.findall(r"(\d{1,6})([smhdw])", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{text!r} is no span of time; write 90s, 24m, 2h, 1d or 1d12h")
    return sum((timedelta(**{_UNITS[unit]: int(n)}) for n, unit in parts), timedelta())


class Command(BaseCommand):
    """Prints the clock; with --advance moves it and runs what falls due, in order."""

    help = "Show the world's clock, or advance it: clock --advance 1d"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --advance."""
        parser.add_argument("--advance", metavar="SPAN", help="90s, 24m, 2h, 1d, 1d12h")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print {"now", "offset_s", "ran", "events"} as JSON."""
        ran: list[dict[str, object]] = []
        events = 0
        if options["advance"]:
            if not settings.LAB_MODE:
                raise CommandError("the clock moves in lab mode only (SAOMA_LAB_MODE=1)")
            try:
                span = parse_span(options["advance"])
            except ValueError as error:
                raise CommandError(str(error)) from error
            report = advance_clock(by=span)
            events = report.events
            ran = [
                {"at": at.isoformat(), "job": name, "done": count}
                for at, name, count in report.steps
                if count
            ]
        now = clock.now()
        line = {
            "now": now.isoformat(),
            "offset_s": int(clock.offset().total_seconds()),
            "ran": ran,
            "events": events,
        }
        self.stdout.write(json.dumps(line))
