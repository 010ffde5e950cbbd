"""`manage.py chaos`: break the product under load, by a seed, and prove what is left."""

import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lab.chaos import checker, faults
from lab.chaos.drill import Drill, prepare_database
from lab.chaos.link import Link
from lab.chaos.servers import Disk, base_environment, start_postgres, start_redis
from lab.chaos.stage import Stage
from lab.chaos.system import ToolMissing, end_in_order

# Kill and pause of each process, by weight: what takes long to start again is killed less often.
PROCESSES = {
    "web1": (2, 3), "web2": (2, 3), "worker1": (2, 3), "worker2": (2, 3), "scheduler": (2, 2),
    "front": (4, 4), "database": (6, 5), "broker": (6, 5),
}  # fmt: skip
JUMP_S = 61.0


class Command(BaseCommand):
    """Starts everything as plain processes at the ports of DATABASE_URL and REDIS_URL."""

    help = "Break the product under load, one fault at a time and two at once, and prove the rest."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how many faults, the seed, and where histories go."""
        parser.add_argument("--faults", type=int, default=60)
        parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
        parser.add_argument("--clients", type=int, default=4)
        parser.add_argument("--seconds", type=int, default=10**6, help="no fault begins after")
        parser.add_argument("--keep", type=Path, help="a folder for the history")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play one drill; the last line is its sum, and the exit code whether it holds."""
        database, redis = urlsplit(settings.DATABASE_URL), urlsplit(settings.REDIS_URL)
        if not (database.port and redis.port and database.hostname == "127.0.0.1"):
            raise CommandError("set DATABASE_URL and REDIS_URL to free ports here: make chaos")
        end_in_order()
        folder = Path(tempfile.mkdtemp(prefix="saoma-chaos-"))
        folder.chmod(0o755)
        disk, ports = Disk(folder / "disk"), (database.port, redis.port)
        links = {name: Link(port + 10, port) for name, port in zip(("database", "broker"), ports)}  # noqa: B905
        front = ports[0] + 50
        env = base_environment(
            folder,
            f"postgres://{database.username}@127.0.0.1:{links['database'].port}/saoma",
            f"redis://127.0.0.1:{links['broker'].port}/0",
            f"http://127.0.0.1:{front}",
        ) | {"SAOMA_DATA_DIR": str(settings.DATA_DIR)}
        stage = Stage(folder, env, front, (front + 1, front + 2))
        try:
            start_postgres(stage, disk, ports[0])
            start_redis(stage, ports[1])
            prepare_database()
            stage.start_product()
            drill = Drill(stage.address, options["keep"] or folder, options["seed"], self._say,
                          clients=options["clients"])  # fmt: skip
            drill.begin()
            self._suffer(drill, stage, disk, links, options)
            self._report(drill)
        except ToolMissing as error:
            raise CommandError(str(error)) from error
        finally:
            stage.stop()
            disk.close()

    def _suffer(
        self,
        drill: Drill,
        stage: Stage,
        disk: Disk,
        links: dict[str, Link],
        options: dict[str, Any],
    ) -> None:
        some = faults.process_faults(stage, PROCESSES) + faults.link_faults(links, 5)
        some.append(faults.Fault("clock", "jump", 4, lambda: drill.jump(JUMP_S), lambda: None))
        if disk.is_small:
            some.append(faults.Fault("disk", "full", 4, disk.fill, lambda: _make_room(stage, disk)))
        else:
            self._say("no small file system could be mounted: the disk is never full")
        plan = faults.draw(drill.chance, some, options["faults"])
        for number, group in enumerate(plan, start=1):
            if drill.history.now() > options["seconds"]:
                break
            drill.suffer(group, lambda: stage.wait_ready(faults.HEAL_S))
            if number % 10 == 0:
                self._say(f"{len(drill.spans)} faults, {len(drill.history.lines)} requests")

    def _report(self, drill: Drill) -> None:
        wrong, facts = drill.end()
        for line in drill.table():
            self._say(line)
        missed = [
            name for name, ok in checker.self_test(drill.history.lines, facts).items() if not ok
        ]
        for name in missed:
            self._say(f"the checker does not find: {name}")
        for line in wrong[:20]:
            self._say(f"WRONG {line}")
        self._say(f"history: {drill.history.path}")
        self._say(f"chaos: {drill.tally(wrong)}, {8 - len(missed)} of 8 planted bugs found")
        if wrong or missed:
            raise SystemExit(1)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _make_room(stage: Stage, disk: Disk) -> None:
    """Free the disk; a database that gave up for want of it is started again."""
    disk.free()
    actor = stage.actors["database"]
    if not actor.is_up():
        actor.start()
