"""Every way in which data leaves the installation, declared in one place.

What is not declared here must not exist: a test reads the source and the address table
and fails on a connection or an answer to others that nobody has written down. The privacy
page and the operators' panel show this table as it stands.
"""

from dataclasses import dataclass

PUSH, ANSWER, LAB = "push", "answer", "lab"


@dataclass(frozen=True, slots=True)
class Flow:
    """One way out.

    Args:
        name: the module that opens connections (`push`, `lab`), or the operation of the
            API by which others than the person concerned read something (`answer`).
        kind: whether we call, are called, or it exists on a teaching installation alone.
        to: who receives.
        data: what they receive; nothing else goes.
        purpose: what for, and nothing else.
        health: whether anything about health is in it.
    """

    name: str
    kind: str
    to: str
    data: str
    purpose: str
    health: bool = False


FLOWS: tuple[Flow, ...] = (
    Flow(
        "merchants.notifications.webhook_client", PUSH, "the merchant's own notify address",
        "the merchant's own trades: numbers, amounts, states, times; signed",
        "telling a merchant what became of a payment",
    ),
    Flow(
        "lab.mock_merchant.client", LAB, "this installation's own gateway",
        "made-up trades", "playing a merchant for teaching",
    ),
    Flow(
        "lab.processes", LAB, "this machine", "whether the demo's processes answer",
        "starting the demo",
    ),
    Flow(
        "lab.cli.up", LAB, "this machine", "whether the world's processes answer",
        "starting a world for a test suite",
    ),
    Flow(
        "lab.cli.classroom", LAB, "this machine", "whether the worlds' processes answer",
        "starting a class",
    ),
    Flow(
        "lab.cli.remote", LAB, "the world that a developer's own command steers",
        "made-up people, shops and events", "steering a world from a command line",
    ),
    Flow(
        "lab.in_process", LAB, "this machine", "made-up requests of a scenario",
        "playing a scenario without a server",
    ),
    Flow(
        "lab.grader", LAB, "the merchant that a developer asks to be graded",
        "made-up notifications, forged ones among them", "marking a merchant's program",
    ),
    Flow(
        "lab.bench.load", LAB, "this machine", "made-up requests", "measuring",
    ),
    Flow(
        "lab.chaos.cluster", LAB, "this machine", "the members of a cluster that a drill made",
        "killing machines on purpose",
    ),
    Flow(
        "lab.chaos.stage", LAB, "this machine", "whether a drill's processes answer",
        "breaking parts on purpose",
    ),
    Flow(
        "lab.chaos.system", LAB, "this machine", "whether a drill's port is taken",
        "breaking parts on purpose",
    ),
    Flow(
        "verify_code", ANSWER, "the registered gate that scans a code",
        "colour, first character of the name, day and month of birth if given; no reason",
        "letting in or not, at that gate", health=True,
    ),
    Flow(
        "read_terminal", ANSWER, "the registered gate that asks",
        "its own label, venue and policy", "judging codes without a network",
    ),
    Flow(
        "read_specimen", ANSWER, "anybody", "a code of nobody's that opens nothing",
        "teaching what codes look like",
    ),
    Flow(
        "verify_card", ANSWER, "the registered gate that reads an identity card",
        "colour, first character of the name, day and month of birth; no reason",
        "letting in people without a phone, at that gate", health=True,
    ),
    Flow(
        "read_venue", ANSWER, "the registered gate at that venue",
        "its own venue's code, and how many are inside", "the screen at the door",
    ),
    Flow(
        "enrol_terminal", ANSWER, "the phone or gate that was invited",
        "its own id and its venue's name", "registering with a key of its own",
    ),
    Flow(
        "record_offline_verdicts", ANSWER, "the registered gate that hands them in",
        "how many of its verdicts were new", "confirming receipt",
    ),
    Flow(
        "send_report", ANSWER, "the laboratory that sends a result",
        "the id of its own report and whether it was taken", "confirming receipt", health=True,
    ),
    Flow(
        "sign_off_reading", ANSWER, "the clinician who signs off a reading",
        "the id of the final evidence", "confirming receipt", health=True,
    ),
    Flow(
        "ask_for_approval", ANSWER, "the operator who asks",
        "the id and state of their own request, and what it will do", "four eyes", health=True,
    ),
    Flow(
        "read_trust_list", ANSWER, "anybody", "public keys, rule set versions, agreements",
        "verifying codes without a network",
    ),
    Flow(
        "read_revocations", ANSWER, "anybody", "hashes of identifiers of withdrawn certificates",
        "refusing certificates that were taken back, elsewhere",
    ),
    Flow(
        "read_deny_list", ANSWER, "anybody", "hashes of random ids of revoked codes",
        "verifying codes without a network",
    ),
    Flow(
        "read_health_statistics", ANSWER, "anybody", "counts; operators under keyed names",
        "letting everybody see who and what turns people red",
    ),
    Flow(
        "read_health_privacy", ANSWER, "anybody", "this table and the retention periods",
        "letting everybody see what leaves",
    ),
)  # fmt: skip


def named(name: str) -> Flow | None:
    """The flow of that name, if it is declared."""
    return next((flow for flow in FLOWS if flow.name == name), None)
