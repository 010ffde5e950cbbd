"""`manage.py ha`: no single point, proved by losing each node many times under load."""

import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lab.chaos.cluster import NODES, POOLS, PROXIES, Cluster, install_patroni
from lab.chaos.drill import Drill, prepare_database
from lab.chaos.front import DRAIN_S, haproxy
from lab.chaos.history import Told
from lab.chaos.link import Weather
from lab.chaos.servers import base_environment, start_redis
from lab.chaos.stage import Stage
from lab.chaos.system import ToolMissing, end_in_order

# A leader that is cut off is replaced when its lease has run out.
BACK_S = 120.0
WORKERS, SCHEDULERS = ("worker1", "worker2"), ("scheduler1", "scheduler2")


class Command(BaseCommand):
    """Starts the whole installation as plain processes around the port of DATABASE_URL."""

    help = "Kill and cut off leaders, brokers and workers, upgrade, and prove what is left."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how often what is done."""
        parser.add_argument("--kills", type=int, default=20)
        parser.add_argument("--cuts", type=int, default=20)
        parser.add_argument("--brokers", type=int, default=20)
        parser.add_argument("--others", type=int, default=5, help="of each other part")
        parser.add_argument("--seconds", type=int, default=10**6, help="no fault begins after")
        parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
        parser.add_argument("--patroni", type=Path, default=settings.BASE_DIR / "var/tools/patroni")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play one drill; the last line is its sum, and the exit code whether it holds."""
        database, redis = urlsplit(settings.DATABASE_URL), urlsplit(settings.REDIS_URL)
        if not (database.port and redis.port and database.hostname == "127.0.0.1"):
            raise CommandError("set DATABASE_URL and REDIS_URL to free ports here: make ha")
        end_in_order()
        folder = Path(tempfile.mkdtemp(prefix="saoma-ha-"))
        folder.chmod(0o755)
        front = database.port + 70
        env = base_environment(folder, "", settings.REDIS_URL, f"http://127.0.0.1:{front}")
        stage = Stage(folder, env, front, (front + 1, front + 2), haproxy, DRAIN_S, SCHEDULERS)
        try:
            cluster = Cluster(stage, database.port, install_patroni(options["patroni"]))
            env |= {
                "DATABASE_URL": cluster.database_url,
                "SAOMA_DATA_DIR": str(settings.DATA_DIR),
                "CELERY_BROKER_URL": cluster.broker_url,
            }
            cluster.start_database()
            start_redis(stage, redis.port)
            cluster.start_broker()
            prepare_database()
            stage.start_product()
            drill = Drill(stage.address, folder, options["seed"], self._say)
            drill.begin()
            self._suffer(drill, cluster, options)
        except ToolMissing as error:
            raise CommandError(str(error)) from error
        finally:
            stage.stop()

    def _suffer(self, drill: Drill, cluster: Cluster, options: dict[str, Any]) -> None:
        failed = self._upgrade(drill, cluster)
        others, one = options["others"], drill.chance.choice
        etcd = [f"etcd{node}" for node in NODES]
        acts: list[tuple[str, int, Callable[[], Callable[[], None]]]] = [
            ("leader killed", options["kills"], lambda: _kill_leader(cluster)),
            ("broker node killed", options["brokers"], lambda: _kill_broker(drill, cluster)),
            ("standby killed", others, lambda: _kill_standby(cluster)),
            ("etcd member killed", others, lambda: _kill(cluster, one(etcd))),
            ("HAProxy killed", others, lambda: _kill(cluster, one(list(PROXIES)))),
            ("pgbouncer killed", others, lambda: _kill(cluster, one(list(POOLS)))),
            ("both workers killed", others, lambda: _kill(cluster, *WORKERS)),
            ("scheduler killed", others, lambda: _kill(cluster, one(SCHEDULERS))),
            ("Redis killed", others, lambda: _kill(cluster, "broker")),
            ("leader cut off", options["cuts"], lambda: _cut(cluster)),
        ]
        for name, count, act in acts:
            gaps: list[float] = []
            try:
                while len(gaps) < count and drill.history.now() < options["seconds"]:
                    gaps.append(self._lose(drill, cluster, name, act))
            except TimeoutError as error:
                drill.troubles.append(f"{name}: {error}")
            self._say(f"{name} {len(gaps)} times, longest without a payment (s): {gaps}")
        cluster.wait_whole()
        wrong, _ = drill.end()
        for line in [*drill.table(), *(f"WRONG {line}" for line in wrong[:20])]:
            self._say(line)
        self._say(f"history: {drill.history.path}")
        self._say(f"ha: {drill.tally(wrong)}, {failed} payments failed during the upgrade")
        if wrong or failed:
            raise SystemExit(1)

    def _lose(
        self, drill: Drill, cluster: Cluster, name: str, act: Callable[[], Callable[[], None]]
    ) -> float:
        """Lose a part and get it back; gives the longest time without a payment meanwhile.

        Raises:
            TimeoutError: the installation did not come back.
        """
        cluster.wait_whole()
        begins = drill.history.now()
        heal = act()
        drill.wait_done(seconds=BACK_S)
        heal()
        cluster.wait_whole()
        drill.wait_done(3, seconds=BACK_S)
        gap_s = drill.longest_gap(begins)
        drill.history.note(name=name, begins=round(begins, 2), away_s=gap_s)
        drill.spans.append((name, begins, begins + gap_s, 0.0))
        return gap_s

    def _upgrade(self, drill: Drill, cluster: Cluster) -> int:
        """Migrate, then webs one by one, then workers and scheduler; gives what failed."""
        begins = drill.history.now()
        prepare_database()
        for name in ("web1", "web2", *WORKERS, *SCHEDULERS):
            cluster.stage.actors[name].leave()
            cluster.stage.actors[name].start()
            cluster.stage.wait_ready()
        drill.wait_done()
        lines = drill.history.between(begins, drill.history.now())
        failed = sum(line.told is Told.UNKNOWN or line.tries > 1 for line in lines)
        self._say(f"rolling upgrade: {len(lines)} requests, {failed} failed or had to be repeated")
        return failed

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _kill(cluster: Cluster, *names: str) -> Callable[[], None]:
    """Kill -9 processes at once; gives what starts them again."""
    actors = [cluster.stage.actors[name] for name in names]
    for actor in actors:
        actor.die()

    def heal() -> None:
        for actor in actors:
            actor.start()

    return heal


def _kill_leader(cluster: Cluster) -> Callable[[], None]:
    cluster.kill_postgres(cluster.leader() or NODES[0])
    return lambda: None


def _kill_standby(cluster: Cluster) -> Callable[[], None]:
    """Kill the whole node that is in step, which stays away until another one is."""
    node = cluster.in_step() or NODES[0]
    heal = _kill(cluster, f"node{node}")
    cluster.kill_postgres(node)
    cluster.wait_other_standby(node)
    return heal


def _cut(cluster: Cluster) -> Callable[[], None]:
    node = cluster.leader() or NODES[0]
    cluster.isolate(node, Weather.CUT)
    cluster.wait_other_leader(node)
    return lambda: cluster.isolate(node, Weather.CLEAR)


def _kill_broker(drill: Drill, cluster: Cluster) -> Callable[[], None]:
    node = drill.chance.choice(NODES)
    cluster.stage.actors[f"broker{node}"].die()
    return lambda: cluster.start_broker_node(node)
