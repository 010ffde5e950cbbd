"""Without a single point: three PostgreSQL under Patroni, three RabbitMQ, on one machine.

Everything distributed is somebody's engine: etcd elects, Patroni fails over with synchronous
replication, two HAProxy find the leader, two pgbouncer keep connections (by session, because
workers hold session locks), RabbitMQ keeps quorum queues. The product is given other URLs, nothing
else.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import requests
import yaml

from lab.chaos.link import Link, Weather
from lab.chaos.servers import USER
from lab.chaos.stage import Stage
from lab.chaos.system import ToolMissing, as_owner, listens, own, run, tool
from lab.processes import wait_for

NODES = (1, 2, 3)
# From a server's port to that of the link in front of it.
LINK = 4
# Both HAProxy are at one port, as on machines of their own: pgbouncer takes one for all hosts.
PROXIES = {"proxy1": "127.0.0.1", "proxy2": "127.0.0.2"}
POOLS = {"pool1": 1, "pool2": 2}
# Patroni allows no shorter lease; a leader that is cut off is replaced when it has run out.
LEASE_S, LOOP_S, RETRY_S = 20, 1, 5
BOOT_S = 180.0
_HAPROXY = """global
  maxconn 600
defaults
  mode tcp
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  timeout check 3s
listen leader
  bind {host}:{port}
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 500ms fall 3 rise 1 on-marked-down shutdown-sessions
{servers}
"""
_PGBOUNCER = """[databases]
saoma = host={hosts} port={leader} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = session
max_client_conn = 300
default_pool_size = 60
server_login_retry = 1
server_connect_timeout = 2
ignore_startup_parameters = extra_float_digits,options
"""


@dataclass
class Cluster:
    """Database and broker of several nodes, whose ports follow from a base."""

    stage: Stage
    base: int
    patroni: str
    links: dict[int, tuple[Link, ...]] = field(default_factory=dict)

    @property
    def leader_port(self) -> int:
        """HAProxy's."""
        return self.base

    @property
    def database_url(self) -> str:
        """Both pools; the client goes to the second when the first is gone."""
        pools = ",".join(f"127.0.0.1:{self.base + number}" for number in POOLS.values())
        return f"postgres://{USER}@{pools}/{USER}"

    @property
    def broker_url(self) -> str:
        """All broker nodes; the client goes to the next when one is gone."""
        ports = [self.base + 50 + node for node in NODES]
        return ";".join(f"amqp://guest:guest@127.0.0.1:{port}//" for port in ports)

    def start_database(self) -> None:
        """Start etcd, Patroni's nodes, HAProxy and pgbouncer, and wait for a leader."""
        self._start_etcd()
        for node in NODES:
            self._start_node(node)
        wait_for("a leader", lambda: self.leader() is not None, seconds=BOOT_S)
        for name, host in PROXIES.items():
            self._start_proxy(name, host)
        for name, number in POOLS.items():
            self._start_pool(name, self.base + number)
        wait_for("the standbys", self.is_whole, seconds=BOOT_S)
        port = str(self._pg(self.leader() or 1))
        run(tool("createdb", "postgresql-client"), "-h", "127.0.0.1", "-p", port, "-U", USER, USER)

    def leader(self) -> int | None:
        """Which node says that it leads."""
        return self._that_says("primary")

    def in_step(self) -> int | None:
        """Which node says that it is the synchronous standby."""
        return self._that_says("synchronous")

    def is_whole(self) -> bool:
        """Whether there is a leader, and every other node follows, one of them in step.

        The leader's PostgreSQL is asked beside Patroni: a node that has just lost its leader
        goes on saying for a moment what it was, and a leader that is alone may not be replaced.
        """
        leader = self.leader()
        if leader is None:
            return False
        following = sum(self._status(node, "replica") == 200 for node in NODES)
        in_step = sum(self._status(node, "synchronous") == 200 for node in NODES)
        streams = self._streams(leader)
        whole = len(streams) == following == len(NODES) - 1
        return whole and in_step >= 1 and "sync" in streams

    def wait_whole(self) -> None:
        """Wait until no failover is under way and another one could be survived.

        Raises:
            TimeoutError: the cluster does not heal.
        """
        wait_for("the cluster's nodes", self.is_whole, seconds=BOOT_S)

    def wait_other_leader(self, node: int) -> None:
        """Wait until another node leads.

        Raises:
            TimeoutError: none does.
        """
        wait_for("another leader", lambda: self.leader() not in {None, node}, seconds=BOOT_S)

    def wait_other_standby(self, node: int) -> None:
        """Wait until another node is in step.

        Raises:
            TimeoutError: none is.
        """
        wait_for("another standby", lambda: self.in_step() not in {None, node}, seconds=BOOT_S)

    def kill_postgres(self, node: int) -> None:
        """Kill -9 a node's PostgreSQL with all its processes; its Patroni lives."""
        data = self.stage.folder / f"node{node}" / "data" / "postmaster.pid"
        pid = data.read_text(encoding="utf-8").split()[0]
        # The postmaster first, so that it starts nothing anew.
        children = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True, check=False)
        subprocess.run(["kill", "-9", pid, *children.stdout.split()], check=False)

    def isolate(self, node: int, weather: Weather) -> None:
        """Cut a node off from etcd, from clients, from the others and from health checks."""
        for link in self.links[node]:
            link.turn(weather)

    def start_broker(self) -> None:
        """Start three RabbitMQ nodes and join them; the product declares quorum queues there."""
        for node in NODES:
            self.start_broker_node(node)
        for node in NODES[1:]:
            for words in (["stop_app"], ["join_cluster", _name(1)], ["start_app"]):
                self._ctl(node, *words)

    def start_broker_node(self, node: int) -> None:
        """Start one, for the first time or again, and wait until it takes connections."""
        env = self._broker_env(node)
        if f"broker{node}" in self.stage.actors:
            self.stage.actors[f"broker{node}"].start()
        else:
            Path(env["RABBITMQ_MNESIA_BASE"]).mkdir(parents=True, exist_ok=True)
            server = "/usr/lib/rabbitmq/bin/rabbitmq-server"
            if not Path(server).exists():
                raise ToolMissing("rabbitmq-server is missing: apt-get install rabbitmq-server")
            self.stage.add(f"broker{node}", [server], **env)
        self.wait_broker_node(node)

    def wait_broker_node(self, node: int) -> None:
        """Wait until a broker node takes connections.

        Raises:
            TimeoutError: it does not.
        """
        wait_for(f"broker {node}", lambda: listens(self.base + 50 + node), seconds=BOOT_S)

    def _start_etcd(self) -> None:
        """Start three members; each is on its own disk, and two of them decide."""
        peers = {node: f"http://127.0.0.1:{self.base + 44 + node}" for node in NODES}
        cluster = ",".join(f"e{node}={peer}" for node, peer in peers.items())
        for node, peer in peers.items():
            client = f"http://127.0.0.1:{self._etcd(node)}"
            self.stage.add(f"etcd{node}", [
                tool("etcd", "etcd-server"), "--name", f"e{node}",
                "--data-dir", str(self.stage.folder / f"etcd{node}"),
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", cluster, "--heartbeat-interval", "200",
                "--election-timeout", "2000",
            ])  # fmt: skip
        for node in NODES:
            wait_for(f"etcd {node}", lambda node=node: self._has_joined(node), seconds=30)  # type: ignore[misc]

    def _has_joined(self, node: int) -> bool:
        """Whether an etcd member knows the cluster's version, which Patroni asks for at once."""
        try:
            url = f"http://127.0.0.1:{self._etcd(node)}/version"
            return bool(requests.get(url, timeout=1).json()["etcdcluster"] != "not_decided")
        except requests.RequestException:
            return False

    def _start_proxy(self, name: str, host: str) -> None:
        servers = "\n".join(self._server(node) for node in NODES)
        config = self.stage.folder / f"{name}.cfg"
        text = _HAPROXY.format(host=host, port=self.leader_port, servers=servers)
        config.write_text(text, encoding="utf-8")
        self.stage.add(name, [tool("haproxy", "haproxy"), "-db", "-f", str(config)])

    def _start_pool(self, name: str, port: int) -> None:
        config = own(self.stage.folder / name) / "pgbouncer.ini"
        hosts = ",".join(PROXIES.values())
        text = _PGBOUNCER.format(hosts=hosts, leader=self.leader_port, port=port, user=USER)
        config.write_text(text, encoding="utf-8")
        config.chmod(0o644)
        self.stage.add(name, [*as_owner(), tool("pgbouncer", "pgbouncer"), str(config)])
        wait_for("pgbouncer", lambda: listens(port), seconds=30)

    def _start_node(self, node: int) -> None:
        pg, rest = self._pg(node), self._rest(node)
        etcd = {self.base + 7 + 3 * node + each: self._etcd(each) for each in NODES}
        self.links[node] = (
            Link(pg + LINK, pg),
            Link(rest + LINK, rest),
            *(Link(port, target) for port, target in etcd.items()),
        )
        folder = own(self.stage.folder / f"node{node}")
        config = folder / "patroni.yml"
        config.write_text(yaml.safe_dump(self._patroni(node, folder, list(etcd))), encoding="utf-8")
        config.chmod(0o644)
        self.stage.add(f"node{node}", [*as_owner(), self.patroni, str(config)], HOME=str(folder))

    def _patroni(self, node: int, folder: Path, etcd: Sequence[int]) -> Mapping[str, object]:
        """A node's configuration; the others and HAProxy reach it through its links."""
        pg, rest = self._pg(node), self._rest(node)
        parameters = {"max_connections": 150, "shared_buffers": "64MB", "wal_log_hints": "on",
                      "wal_keep_size": "256MB", "unix_socket_directories": str(folder)}  # fmt: skip
        dcs = {"ttl": LEASE_S, "loop_wait": LOOP_S, "retry_timeout": RETRY_S,
               "primary_start_timeout": 0, "synchronous_mode": True,
               "postgresql": {"use_pg_rewind": True, "parameters": parameters}}  # fmt: skip
        who = {"username": USER}
        return {
            "scope": "saoma", "name": f"n{node}",
            "restapi": {"listen": f"127.0.0.1:{rest}",
                        "connect_address": f"127.0.0.1:{rest + LINK}"},
            # Past its links a node knows no member, however many tell of themselves.
            "etcd3": {"hosts": [f"127.0.0.1:{port}" for port in etcd], "use_proxies": True},
            "bootstrap": {"dcs": dcs, "initdb": [{"encoding": "UTF8"}, {"auth": "trust"},
                                                 "data-checksums", "no-sync"]},
            "postgresql": {
                "listen": f"127.0.0.1:{pg}", "connect_address": f"127.0.0.1:{pg + LINK}",
                "data_dir": str(folder / "data"), "pgpass": str(folder / "pgpass"),
                "bin_dir": str(Path(tool("postgres", "postgresql")).parent),
                "authentication": {"superuser": who, "replication": who, "rewind": who},
                "pg_hba": ["local all all trust", "host all all 127.0.0.1/32 trust",
                           "host replication all 127.0.0.1/32 trust"],
                "remove_data_directory_on_rewind_failure": True,
                "remove_data_directory_on_diverged_timelines": True,
            },
        }  # fmt: skip

    def _server(self, node: int) -> str:
        database, health = self._pg(node) + LINK, self._rest(node) + LINK
        return f"  server n{node} 127.0.0.1:{database} check port {health}"

    def _streams(self, leader: int) -> list[str]:
        """How each standby streams from a leader, as its PostgreSQL says: sync or async."""
        query = "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'"
        words = {"host": "127.0.0.1", "port": self._pg(leader), "user": USER, "connect_timeout": 2}
        try:
            with closing(psycopg.connect(dbname="postgres", **words)) as server:  # type: ignore[arg-type]
                return [str(state) for (state,) in server.execute(query).fetchall()]
        except psycopg.Error:
            return []

    def _that_says(self, what: str) -> int | None:
        return next((node for node in NODES if self._status(node, what) == 200), None)

    def _status(self, node: int, what: str) -> int:
        """What a node's own REST answers, asked past its links."""
        try:
            url = f"http://127.0.0.1:{self._rest(node)}/{what}"
            return requests.get(url, timeout=1).status_code
        except requests.RequestException:
            return 0

    def _etcd(self, node: int) -> int:
        return self.base + 40 + node

    def _pg(self, node: int) -> int:
        return self.base + 20 + node

    def _rest(self, node: int) -> int:
        return self.base + 30 + node

    def _broker_env(self, node: int) -> dict[str, str]:
        home = self.stage.folder / f"broker{node}"
        return {
            "HOME": str(self.stage.folder),
            "RABBITMQ_NODENAME": _name(node),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.base + 50 + node),
            "RABBITMQ_DIST_PORT": str(self.base + 60 + node),
            "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
            "RABBITMQ_LOG_BASE": str(home / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq"),
            "ERL_EPMD_PORT": str(self.base + 49),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
        }

    def _ctl(self, node: int, *words: str) -> None:
        env = {**os.environ, **self._broker_env(node)}
        run("/usr/lib/rabbitmq/bin/rabbitmqctl", "-n", _name(node), *words, env=env)


def _name(node: int) -> str:
    return f"saoma{node}@localhost"


def install_patroni(folder: Path) -> str:
    """Give the path of Patroni, installed into a virtual environment of its own when missing.

    Raises:
        subprocess.CalledProcessError: it could not be installed.
    """
    program = folder / "bin" / "patroni"
    if not program.exists():
        # Root's own Python may lie where PostgreSQL's user cannot read it.
        python = "/usr/bin/python3" if os.geteuid() == 0 else sys.executable
        run(python, "-m", "venv", str(folder))
        run(str(folder / "bin" / "pip"), "install", "--quiet", "patroni[etcd3]", "psycopg[binary]")
    return str(program)
