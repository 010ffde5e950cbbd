"""An installation outside lab mode, brought up as docker/operations.md says."""

import http.client
import json
import re
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import requests
from django.conf import settings
from django.db import connection

from lab.mock_merchant.client import Answer, Client, NoAnswer
from lab.mock_merchant.settings import Settings
from lab.scenarios.acts_night import database_url
from tests.contracts.source import ROOT
from tests.factories.accounts import id_number
from tests.factories.merchants import key_pair
from tests.scenarios.processes import kill_group

GUIDE = ROOT / "docker/operations.md"
HOST = ROOT / "docker/host"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)
PIN, PASSWORD = "482915", "a long enough password 7"
# Ends what hangs; a machine that is busy with other work is only slow.
PATIENCE_S = 180.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """Processes by the units' names, each in a group of its own."""

    folder: Path
    database: str
    redis: str
    ports: dict[str, int] = field(
        default_factory=lambda: {name: free_port() for name in ("8001", "8002", "8009", "8443")}
    )
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    broker: str = "amqp://guest:guest@127.0.0.1:5672//"

    def here(self, text: str) -> str:
        """A text of the guide with this installation's directories and ports."""
        text = text.replace("/srv/saoma/app", str(ROOT)).replace("/srv/saoma", str(self.folder))
        text = text.replace("postgres://saoma:secret@127.0.0.1:5432/saoma", self.database)
        # The processes' own role comes to the same database.
        place = self.database.rpartition("@")[2]
        text = text.replace("@127.0.0.1:5432/saoma\n", f"@{place}\n")
        text = text.replace("redis://127.0.0.1:6379/0", self.redis).replace("user saoma;", "")
        text = text.replace("amqp://guest:guest@127.0.0.1:5672//", self.broker)
        if not listens(5672):
            text = re.sub(r"^CELERY_BROKER_URL=.*\n", "", text, flags=re.M)
        for name, port in self.ports.items():
            text = re.sub(rf"\b{name}\b", str(port), text)
        return text

    def run_block(self, block: str) -> str:
        """Run a block of the guide in a shell that knows the environment file."""
        if "nginx -c" in block:
            config = self.folder / "nginx.conf"
            text = self.here((HOST / "nginx.conf").read_text(encoding="utf-8"))
            config.write_text(f"user root;\n{text}", encoding="utf-8")
            block = f"nginx -c {config}"
        known = f"set -ea; [ -f {self.folder}/saoma.env ] && . {self.folder}/saoma.env; set +a\n"
        done = subprocess.run(
            ["sh", "-c", f"{known}cd {ROOT}\nset -e\n{self.here(block)}"],
            env={"PATH": "/usr/sbin:/usr/bin:/bin:/usr/local/bin", "HOME": str(self.folder)},
            capture_output=True,
            check=False,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def environment(self) -> dict[str, str]:
        """What the environment file says."""
        lines = (self.folder / "saoma.env").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if line)

    def start(self, unit: str, *, code: Path = ROOT, **extra: str) -> None:
        """Start a process as its unit file says, of this version or of another in `code`."""
        name, _, instance = unit.partition("@")
        path = HOST / f"{name}{'@' if instance else ''}.service"
        line = re.search(r"^ExecStart=(.*)$", path.read_text(encoding="utf-8"), re.M)
        assert line
        command = line[1].replace("%%", "%").replace("%i", instance).replace("@%h", "@test")
        with (self.folder / "var/log" / f"{unit}.log").open("ab") as log:
            self.running[unit] = subprocess.Popen(
                self.here(command).split(),
                cwd=code,
                env={"PATH": "/usr/bin:/bin", "C_FORCE_ROOT": "1"} | self.environment() | extra,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self, unit: str) -> None:
        """Ask a process to end, as systemd does."""
        process = self.running.pop(unit)
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            kill_group(process)

    def restart_web(self, unit: str, *, code: Path = ROOT, **extra: str) -> None:
        """Stop a web and start it anew; returns when it is ready."""
        self.stop(unit)
        self.start(unit, code=code, **extra)
        self.wait_ready(unit.partition("@")[2])

    def wait_ready(self, port: str) -> None:
        """Wait until a web says that payments can be made there."""
        end = time.monotonic() + PATIENCE_S
        while self.readiness(port) != 200:
            assert time.monotonic() < end, f"no web on {port}: {self.log(f'saoma-web@{port}')}"
            time.sleep(0.2)

    def readiness(self, port: str) -> int:
        """What a web answers to `/readyz`; 0 where it does not."""
        with suppress(OSError, http.client.HTTPException):
            caller = http.client.HTTPConnection("127.0.0.1", self.ports[port], timeout=2)
            headers = {"Host": "localhost", "X-Forwarded-Proto": "https"}
            caller.request("GET", "/readyz", headers=headers)
            return caller.getresponse().status
        return 0

    def log(self, unit: str) -> str:
        """The end of a process's log."""
        path = self.folder / "var/log" / f"{unit}.log"
        return path.read_text(encoding="utf-8", errors="replace")[-2000:]

    def sms_code(self, phone: str) -> str:
        """The code of the newest text message: SMS are simulated and stay in their table."""
        query = "SELECT text FROM accounts_smsmessage WHERE phone = %s ORDER BY id DESC LIMIT 1"
        with closing(psycopg.connect(self.database)) as database:
            row = database.execute(query, [phone]).fetchone()
        digits = re.search(r"\d{6}", row[0] if row else "")
        assert digits, f"no message for {phone}"
        return digits[0]

    @property
    def url(self) -> str:
        return f"https://localhost:{self.ports['8443']}"

    def session(self) -> requests.Session:
        """A caller that trusts the installation's certificate."""
        session = requests.Session()
        session.trust_env = False
        session.verify = str(self.folder / "secrets/tls.crt")
        return session

    def close(self) -> None:
        for process in self.running.values():
            kill_group(process)
        pid = self.folder / "var/run/nginx.pid"
        if pid.exists():
            subprocess.run(["kill", pid.read_text().strip()], check=False)


def listens(port: int) -> bool:
    """Whether somebody listens on this machine's port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    """A folder and an empty database, which is dropped afterwards."""
    name = f"saoma_ops_{uuid.uuid4().hex[:8]}"
    server = database_url().replace(str(connection.settings_dict["NAME"]), "postgres")
    redis = re.sub(r"/\d+$", "/12", settings.REDIS_URL) or "redis://127.0.0.1:6379/12"
    with closing(psycopg.connect(server, autocommit=True)) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        made = Installation(folder, server.replace("/postgres", f"/{name}"), redis)
        try:
            yield made
        finally:
            made.close()
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Payer:
    """A customer with money, who shows codes."""

    installation: Installation
    phone: str

    def __post_init__(self) -> None:
        self.http = self.installation.session()
        self.post("phone-codes", phone=self.phone, purpose="REGISTER")
        code = self.installation.sms_code(self.phone)
        account = {"phone": self.phone, "name": "Li Wei", "password": PASSWORD, "pin": PIN}
        self.post("users", **account, code=code)
        token = self.post("sessions", phone=self.phone, password=PASSWORD)["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def post(self, path: str, **body: object) -> Mapping[str, Any]:
        """One call of the API with a key of its own."""
        key = uuid.uuid4().hex
        for _ in range(3):  # with one key: a web that stops may leave an answer unknown
            answer = self.http.post(
                f"{self.installation.url}/api/v1/{path}",
                json=body,
                headers={"Idempotency-Key": key},
                timeout=20,
            )
            if answer.status_code != 502:
                break
        assert answer.status_code < 300, answer.text
        made: Mapping[str, Any] = answer.json()
        return made

    def get(self, path: str) -> Mapping[str, Any]:
        """What the API says."""
        answer = self.http.get(f"{self.installation.url}/api/v1/{path}", timeout=20)
        assert answer.status_code == 200, answer.text
        said: Mapping[str, Any] = answer.json()
        return said

    def verify_and_fill(self, amount: str) -> None:
        """Prove who they are and top the wallet up; both wait for a worker."""
        number = id_number(serial=int(self.phone[-6:]) + 120_000_000)
        self.post("kyc/applications", tier=2, legal_name="Li Wei", id_number=number)
        self._eventually(lambda: self.get("kyc")["tier"] >= 1)
        self.post("wallet/topups", amount=amount)
        self._eventually(lambda: self.get("wallet")["available"] == amount)

    def _eventually(self, true: Any) -> None:
        end = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < end, self.installation.log("saoma-worker@1")
            time.sleep(0.3)

    def code(self) -> str:
        """A fresh payment code."""
        return str(self.post("payment-codes")["code"])


def first_merchant(made: Installation, owner: Payer) -> Client:
    """The merchant of the guide's command, and its program."""
    pair = key_pair()
    key = made.folder / "app.pub"
    key.write_text(pair.public_pem, encoding="utf-8")
    out = made.run_block(
        f".venv/bin/python manage.py first_merchant --owner-phone {owner.phone}"
        f" --name 'Baozi House' --short-name BAOZI --mcc 5812 --city Nanjing"
        f" --app-public-key {key} --requested-by ida --approved-by ben"
    )
    facts = json.loads(out.splitlines()[-1])
    return Client(
        Settings(
            gateway_url=f"{made.url}/gateway.do",
            app_id=facts["app_id"],
            app_private_key=pair.private_pkcs1_pem,
            gateway_public_key=facts["gateway_public_key"],
        ),
        made.session(),
    )


def pay(client: Client, payer: Payer, amount: str = "12.00") -> Answer:
    """Let the payer's code pay an order of a number of its own."""
    order = f"OPS{uuid.uuid4().hex[:20]}"
    code = payer.code()
    try:
        return client.pay(out_trade_no=order, amount=amount, subject="baozi", auth_code=code)
    except (NoAnswer, requests.ConnectionError):
        # Unknown, as in the hand of any till: ask, and pay again where it never arrived.
        known = client.query(out_trade_no=order)
        if known.succeeded:
            return known
        return client.pay(out_trade_no=order, amount=amount, subject="baozi", auth_code=code)
