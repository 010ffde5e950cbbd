"""The checker of a drill finds what bugs leave behind, and a seed draws the same drill again."""

import contextlib
import random
import socket

from lab.chaos import checker
from lab.chaos.checker import Facts, StoredPayment, StoredRefund
from lab.chaos.faults import Fault, draw
from lab.chaos.history import Line, Told
from lab.chaos.link import Link, Weather

LINES = [
    Line(1.0, "payment", "C1", "", 100, Told.DONE, 1),
    Line(1.1, "refund", "C1", "R1", 40, Told.DONE, 2),
    Line(1.2, "payment", "C2", "", 50, Told.UNKNOWN, 12),
    Line(1.3, "payment", "C3", "", 70, Told.REFUSED, 1, "ACQ.PAYMENT_AUTH_CODE_INVALID"),
]
FACTS = Facts(
    payments=[StoredPayment("C1", 100, True, 1, 100), StoredPayment("C2", 50, True, 1, 50)],
    refunds=[StoredRefund("C1", "R1", 40, 40)],
    told=[("C1", "n1"), ("C2", "n2"), ("C1", "n1")],
    waiting=0,
    done_twice=0,
    ledger_holds=True,
    audit_holds=True,
)


def test_the_checker_accepts_what_clients_were_told_and_finds_every_planted_bug() -> None:
    assert checker.check(LINES, FACTS) == []
    found = checker.self_test(LINES, FACTS)
    assert len(found) == 8
    assert all(found.values()), found


def test_a_seed_draws_the_same_faults_and_two_at_once_have_two_targets() -> None:
    some = [Fault(name, "kill -9", 1, print, print) for name in ("web1", "broker", "database")]
    first, second = (draw(random.Random(7), some, 200) for _ in range(2))
    assert [[fault.name for fault in group] for group in first] == [
        [fault.name for fault in group] for group in second
    ]
    assert sum(map(len, first)) == 200
    pairs = [group for group in first if len(group) == 2]
    assert pairs
    assert all(one.target != other.target for one, other in pairs)


def test_a_link_passes_bytes_until_it_is_cut() -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as probe:
            port = probe.getsockname()[1]
        link = Link(port, server.getsockname()[1])
        assert link.is_open.wait(5)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"hello")
            near, _ = server.accept()
            with near:
                assert near.recv(5) == b"hello"
                link.turn(Weather.CUT)
                client.settimeout(5)
                with contextlib.suppress(ConnectionResetError):
                    assert client.recv(1) == b""
