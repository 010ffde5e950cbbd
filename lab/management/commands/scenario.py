"""`manage.py scenario NAME | --all | --list | --doors [--json]`: run scenarios."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.kernel.errors import SaomaError
from lab.scenarios import book, doors, scratch
from lab.scenarios.recorder import Recorder
from lab.scenarios.run import as_json, run_scenario
from lab.scenarios.values import Result, Run


class Command(BaseCommand):
    """Runs scenarios in a database of their own; exit 1 if one failed."""

    help = "Run a scenario, or all; each in an empty world of its own, beside your database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare which, and how it is told."""
        parser.add_argument("names", nargs="*", help="scenarios' names; --list prints them")
        parser.add_argument("--all", action="store_true", help="run every scenario")
        parser.add_argument("--list", action="store_true", help="name, doors, services used")
        parser.add_argument("--doors", action="store_true", help="the forty doors: open or closed")
        parser.add_argument("--record", type=Path, help="write each step down for the theatre")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, print, and end with how many passed and failed."""
        if not settings.LAB_MODE:
            raise CommandError("scenarios run in lab mode only (SAOMA_LAB_MODE=1)")
        if options["list"]:
            self._list(options["json"])
            return
        if not (options["all"] or options["doors"] or options["names"]):
            raise CommandError("name a scenario, or say --all, --list or --doors")
        names = book.names()
        if options["doors"]:
            names = [name for name in names if book.scenario(name).doors]
        elif not options["all"]:
            names = options["names"]
        show = None if options["doors"] else self._show_json if options["json"] else self._show
        recorder = Recorder(options["record"]) if options["record"] else None
        runs = self._run(names, show, recorder)
        if options["doors"]:
            self._doors(runs, options["json"])
            return
        self._sum_up(runs, options["json"])

    def _run(self, names: Iterable[str], show: Any, recorder: Recorder | None) -> list[Run]:
        runs = []
        try:
            scenarios = [book.scenario(name) for name in names]
            with scratch.scratch_database():
                for number, scenario in enumerate(scenarios):
                    if number:
                        scratch.empty()
                    runs.append(run_scenario(scenario, recorder))
                    if show is not None:
                        show(runs[-1])
                        self.stdout.flush()
        except SaomaError as error:
            raise CommandError(str(error)) from error
        return runs

    def _list(self, as_lines: bool) -> None:
        for name in book.names():
            scenario = book.scenario(name)
            facts = {
                "scenario": name,
                "title": scenario.title["en"],
                "doors": list(scenario.doors),
                "services": list(scenario.services),
            }
            if as_lines:
                self.stdout.write(json.dumps(facts, ensure_ascii=False))
                continue
            numbers = ", ".join(map(str, scenario.doors)) or "-"
            self.stdout.write(f"{name} | doors {numbers} | {', '.join(scenario.services)}")

    def _show_json(self, run: Run) -> None:
        self.stdout.write(json.dumps(as_json(run), ensure_ascii=False))

    def _show(self, run: Run) -> None:
        self.stdout.write(f"{run.scenario.name}: {run.scenario.title['en']}")
        for step in run.steps:
            why = f" ({step.step.not_built})" if step.step.not_built else ""
            word = step.result.value.replace("_", " ").lower()
            self.stdout.write(f"  {step.at or '':<9} {word:<9} {step.step.say['en']}{why}")
            for entry in step.entries:
                self.stdout.write(f"{'':<22}{entry}")
            for one in step.differences:
                self.stdout.write(f"{'':<22}{one.what}: expected {one.expected}")
                self.stdout.write(f"{'':<22}{'':<{len(one.what)}}    actual {one.actual}")
        left = run.count(Result.NOT_BUILT)
        note = f", {left} steps not built" if left else ""
        self.stdout.write(f"  {run.result.value.lower()}{note}")

    def _sum_up(self, runs: list[Run], as_lines: bool) -> None:
        passed, failed, incomplete = (
            sum(run.result is result for run in runs)
            for result in (Result.PASSED, Result.FAILED, Result.INCOMPLETE)
        )
        if as_lines:
            summary = {"passed": passed, "failed": failed, "incomplete": incomplete}
            self.stdout.write(json.dumps({"summary": summary}))
        elif incomplete:
            self.stdout.write(f"{incomplete} incomplete: what is built of them passed")
        self.stdout.write(f"{passed} passed, {failed} failed")
        if failed:
            raise SystemExit(1)

    def _doors(self, runs: list[Run], as_lines: bool) -> None:
        for door in doors.forty(runs):
            if as_lines:
                self.stdout.write(json.dumps(door, ensure_ascii=False))
                continue
            why = door.get("scenario") or door["reason"]
            self.stdout.write(f"{door['number']:>2} {door['state']:<6} {door['service']}: {why}")
