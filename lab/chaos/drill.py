"""A drill from end to end: stage, people, load, faults by the seed, quiet, and the checker."""

import contextlib
import itertools
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import F

from config.kernel import clock
from config.kernel.models import WorldClock
from lab.bench import population
from lab.chaos import checker, faults
from lab.chaos.history import History, Told
from lab.chaos.load import Load
from lab.mock_merchant.receiver import Receiver
from lab.mock_merchant.settings import Settings
from merchants.onboarding.queries import gateway_signer

# Enough that nobody pays one shop five times a minute, where the risk rules ask for the PIN.
PEOPLE = 300
# A backlog may take long; one that no longer falls is stuck. Retries wait for business time.
STALLED_S, DRAIN_S = 180.0, 3600.0
TIMEOUT_S = 3.0


@dataclass
class Drill:
    """Load, receiver and history against an installation that stands at an address."""

    address: str
    folder: Path
    seed: int
    say: Callable[[str], None]
    clients: int = 4
    pace_s: float = 0.2
    spans: list[tuple[str, float, float, float]] = field(default_factory=list)

    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311
        self.history = History(self.folder / f"history-{self.seed}.jsonl")
        self.history.note(seed=self.seed)

    def begin(self) -> None:
        """Make schema, people and a shop; open the receiver; let the clients go."""
        private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        private = private_key.private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
        people = population.payers(PEOPLE)
        [app_number] = population.app_numbers(1, _pem(private_key.public_key()))
        gateway_key = _pem(gateway_signer().key.public_key())
        self.receiver = Receiver(gateway_key)
        self.receiver.__enter__()
        merchant = Settings(
            gateway_url=f"{self.address}/gateway.do",
            app_id=app_number,
            app_private_key=private.decode(),
            gateway_public_key=gateway_key,
            notify_url=self.receiver.url,
            timeout_s=TIMEOUT_S,
        )
        self.load = Load(merchant, people, self.history, self.seed, self.clients, self.pace_s)
        self.load.start()
        self.wait_done(10)

    def wait_done(self, count: int = 1, seconds: float = 60.0) -> float:
        """Wait until so many more things were done; gives after how many seconds the last was.

        Raises:
            TimeoutError: it did not come back to life.
        """
        begins, end = self.history.now(), time.monotonic() + seconds
        while time.monotonic() < end:
            lines = [line for line in self.history.between(begins, 1e12) if line.told is Told.DONE]
            if len(lines) >= count:
                return lines[count - 1].at - begins
            time.sleep(0.05)
        raise TimeoutError(f"nothing was paid for {seconds:.0f} s")

    def longest_gap(self, begins: float) -> float:
        """The longest time since a moment of the drill in which nothing was done, in seconds."""
        lines = self.history.between(begins, self.history.now())
        moments = [begins, *sorted(line.at for line in lines if line.told is Told.DONE)]
        return round(max(late - early for early, late in itertools.pairwise(moments)), 1)

    def suffer(self, some: list[faults.Fault], heal: Callable[[], None]) -> None:
        """Do one fault, or two at once; note how long nothing was done after it ended."""
        name = " + ".join(sorted(fault.name for fault in some))
        seconds = self.chance.uniform(faults.SHORTEST_S, faults.LONGEST_S)
        begins = self.history.now()
        healed, away_s = begins, 0.0
        try:
            faults.suffer(some, seconds, heal)
            healed = self.history.now()
            away_s = self.wait_done()
        except TimeoutError as error:
            self.troubles.append(f"after {name}: {error}")
        for fault in some:
            self.spans.append((fault.name, begins, healed, away_s))
        self.history.note(name=name, seconds=round(seconds, 2), begins=round(begins, 2),
                          healed=round(healed, 2), away_s=round(away_s, 2))  # fmt: skip
        time.sleep(faults.GAP_S)

    def jump(self, seconds: float) -> None:
        """Let business time jump forward."""
        connection.close()
        # Where the database suffers at the same moment, the clock stays.
        with contextlib.suppress(DatabaseError):
            WorldClock.objects.get_or_create(id=1)
            WorldClock.objects.update(offset_us=F("offset_us") + int(seconds * 1_000_000))
        connection.close()
        clock.forget()

    def end(self) -> tuple[list[str], checker.Facts]:
        """Stop the load, wait until nothing is left to do, and check; gives what is wrong."""
        self.load.stop()
        connection.close()
        waiting = self._drain()
        facts = checker.read_facts(list(self.receiver.inbox.accepted.values()), waiting)
        self.receiver.__exit__(None, None, None)
        return [*self.troubles, *checker.check(self.history.lines, facts)], facts

    def _drain(self) -> int:
        """Wait for workers and receiver: as long as less is left, and for STALLED_S afterwards.

        Returns the least number of events that waited: the timetable goes on writing new ones.

        A backlog takes the time that the machine needs for it; only one that no longer falls
        is a fault of the product. Calls that a receiver missed are made again after minutes of
        business time, which is let go by where no event waits any more.
        """
        began = progressed = time.monotonic()
        least = (checker.waiting_events(), len(self._untold()))
        while least > (0, 0) and time.monotonic() - progressed < STALLED_S:
            if time.monotonic() - began > DRAIN_S:
                self.troubles.append(f"not done within {DRAIN_S:.0f} s")
                break
            time.sleep(1.0)
            left = (checker.waiting_events(), len(self._untold()))
            if left < least:
                least, progressed = left, time.monotonic()
            elif left[0] == 0 and left[1]:
                self.jump(30)
        self.say(
            f"drained in {time.monotonic() - began:.0f} s: {least[0]} events and {least[1]}"
            " calls of the merchant are left"
        )
        return least[0]

    def _untold(self) -> set[str]:
        """Orders that are paid and of which the merchant has not heard."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reference FROM payments_payment"
                " WHERE paid_at IS NOT NULL AND reference LIKE 'C%'"
            )
            paid = {str(row[0]) for row in cursor.fetchall()}
        return paid - {call["out_trade_no"] for call in list(self.receiver.inbox.accepted.values())}

    def table(self) -> list[str]:
        """Faults by name: how many, what clients were told meanwhile, how long nothing worked."""
        rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        for name, begins, healed, away_s in self.spans:
            lines = self.history.between(begins, healed + away_s + 0.01)
            counts = [sum(line.told is kind for line in lines) for kind in Told]
            again = sum(line.tries > 1 for line in lines)
            rows[name].append((*counts, again, healed - begins + away_s))
        head = f"{'fault':<30}{'times':>6}{'done':>7}{'refused':>9}{'unknown':>9}{'again':>7}"
        text = [f"{head}{'away p50 s':>12}{'max':>7}"]
        for name, figures in sorted(rows.items()):
            columns = list(zip(*figures, strict=True))
            well, refused, unknown, again = (int(sum(column)) for column in columns[:4])
            text.append(
                f"{name:<30}{len(figures):>6}{well:>7}{refused:>9}{unknown:>9}"
                f"{again:>7}{statistics.median(columns[4]):>12.1f}{max(columns[4]):>7.1f}"
            )
        return text

    def tally(self, wrong: Sequence[str]) -> str:
        """One line: what was asked for and told, and whether it holds."""
        lines = self.history.lines
        counts = {kind: sum(line.told is kind for line in lines) for kind in Told}
        return (
            f"{len(self.spans)} faults, {len(lines)} requests: {counts[Told.DONE]} done,"
            f" {counts[Told.REFUSED]} refused, {counts[Told.UNKNOWN]} unknown;"
            f" {len(wrong)} violations, seed {self.seed}"
        )


def prepare_database() -> None:
    """Make the schema where there is none."""
    call_command("migrate", verbosity=0, interactive=False)


def _pem(key: rsa.RSAPublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
