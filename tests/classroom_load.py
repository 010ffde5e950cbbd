"""A class of thirty at once: `make classroom`. Everybody opens pages and pays in their own world.

Prints the worlds' start, each page's 50th and 95th percentile, and what anybody saw of another's
world. Exit 1 where that is anything, or where a page's 95th percentile is a second or more.
"""

import argparse
import itertools
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import requests

from lab.classroom import register
from lab.classroom.register import Register, Student

PAGES = (
    "/", "/phone/", "/till/", "/stage/", "/lessons/", "/faults/", "/doors/", "/story/",
    "/lab/world", "/lab/stories", "/lab/api/clock",
)  # fmt: skip
MOST_S = 1.0
# Between two pages somebody reads: seconds of a hurried student, drawn by the world's port.
READS_S = (1.0, 3.0)
START_S = 600


class Visitor:
    """A student with a browser: opens pages of their own world and of nobody else's."""

    def __init__(self, student: Student, neighbour: Student) -> None:
        self.student, self.neighbour = student, neighbour
        self.session = requests.Session()
        self.base = f"http://127.0.0.1:{student.port}"
        self.took: dict[str, list[float]] = defaultdict(list)
        self.wrong: list[str] = []

    def visit(self, rounds: int, ready: threading.Barrier) -> None:
        """Come in, then open every page so many times and pay once a round."""
        try:
            self._visit(rounds, ready)
        except (requests.RequestException, LookupError, threading.BrokenBarrierError) as error:
            self.wrong.append(f"the visit broke off: {error!r}")

    def _visit(self, rounds: int, ready: threading.Barrier) -> None:
        self.session.get(f"{self.base}/enter", params={"key": self.student.key}, timeout=60)
        ready.wait()
        pace = random.Random(self.student.port)
        for number in range(rounds):
            for path in PAGES:
                self._open(path)
                time.sleep(pace.uniform(*READS_S))
            self._pay(number)
        self._look_around(rounds)

    def _open(self, path: str) -> None:
        started = time.perf_counter()
        answer = self.session.get(f"{self.base}{path}", timeout=60)
        self.took[path].append(time.perf_counter() - started)
        if answer.status_code != requests.codes.ok:
            self.wrong.append(f"{path}: {answer.status_code}")

    def _pay(self, number: int) -> None:
        code = self._post("/lab/phone/code", {})["code"]
        sale = {"shop": "baozi", "order": f"{self.student.login}x{number}", "amount": "1.00"}
        paid = self._post("/lab/till/pay", {**sale, "subject": "bun", "auth_code": code})
        if paid.get("outcome") != "PAID":
            self.wrong.append(f"a payment was not: {paid}")

    def _post(self, path: str, body: dict[str, str]) -> Any:
        started = time.perf_counter()
        answer = self.session.post(f"{self.base}{path}", json=body, timeout=60)
        self.took[path].append(time.perf_counter() - started)
        return answer.json()

    def _look_around(self, rounds: int) -> None:
        """Only one's own payments are here, and the neighbour's door is closed."""
        rows = self.session.get(f"{self.base}/lab/stories", timeout=60).json()["payments"]
        orders = {self._order(row["number"]) for row in rows}
        if orders != {f"{self.student.login}x{number}" for number in range(rounds)}:
            self.wrong.append(f"another's payments: {sorted(orders)}")
        for path in ("/lab/stories", "/gateway.do", "/api/v1/me"):
            answer = self.session.get(f"http://127.0.0.1:{self.neighbour.port}{path}", timeout=60)
            if answer.status_code != requests.codes.unauthorized:
                self.wrong.append(f"the neighbour's {path}: {answer.status_code}")

    def _order(self, number: str) -> str:
        return str(
            self.session.get(f"{self.base}/lab/stories/{number}", timeout=60).json()["order"]
        )


def main() -> int:
    """Start a class, let everybody visit, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--port", type=int, default=8400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        roster = Path(place) / "roster.txt"
        names = [f"Student {number}" for number in range(1, options.students + 1)]
        roster.write_text("\n".join(names), encoding="utf-8")
        words = ["classroom", str(roster), "--host", "127.0.0.1", "--port", str(options.port)]
        started = time.monotonic()
        with subprocess.Popen(
            [sys.executable, "-m", "lab.cli.main", *words], stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                if not line:
                    return 1
                print(f"{json.loads(line)['worlds']} worlds in {time.monotonic() - started:.0f} s")
                class_ = register.load(roster.with_suffix(".class"))
                assert class_ is not None
                return _report(_visit(class_, options.rounds))
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(60)


def _visit(class_: Register, rounds: int) -> list[Visitor]:
    students = class_.students
    pairs = zip(students, itertools.islice(itertools.cycle(students), 1, None), strict=False)
    visitors = [Visitor(student, neighbour) for student, neighbour in pairs]
    ready = threading.Barrier(len(visitors))
    threads = [threading.Thread(target=one.visit, args=(rounds, ready)) for one in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return visitors


def _report(visitors: list[Visitor]) -> int:
    took: dict[str, list[float]] = defaultdict(list)
    for visitor in visitors:
        for path, times in visitor.took.items():
            took[path] += times
    slow = 0
    for path, times in took.items():
        middle, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        slow += high >= MOST_S
        figures = f"p50 {middle * 1000:5.0f} ms  p95 {high * 1000:5.0f} ms"
        print(f"{path:<18} {len(times):>4} times  {figures}")
    wrong = [f"{one.student.login}: {what}" for one in visitors for what in one.wrong]
    print("\n".join(wrong) or "nobody saw anything of another's world")
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"{slow} pages slower than {MOST_S:.0f} s at the 95th percentile; load {load}")
    return 1 if wrong or slow else 0


if __name__ == "__main__":
    sys.exit(main())
