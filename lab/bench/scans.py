"""Scans at a gate over HTTP, against a bare signature check served by the same processes.

Passes are bound to devices, presentations signed before the clock starts: two signatures
a scan, a look-up of the pass, and a record of who looked.
"""

import base64
import json
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from config.kernel import clock
from healthcode import public as health
from healthcode.codec import base45, cose, sh1
from lab.bench.cpu import Meter
from lab.bench.gateway import FEW, PORT, serve
from lab.bench.load import Outcome, measure, request_bytes
from lab.processes import wait_for, web_is_ready

ROUNDS, EACH = 8, 500
# A show opens a gate once: so many people as scans in a round, each with a new show.
PEOPLE = EACH
SCANS = ROUNDS * EACH
WARM_UP = 300
SECOND = timedelta(seconds=1)


def run() -> dict[str, float]:
    """Measure both: requests a second, latencies, CPU milliseconds a scan, and the ratio.

    Raises:
        RuntimeError: an answer was not what it should be.
    """
    folder = settings.DATA_DIR / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "scan.pub").write_bytes(pem)
    gate = health.seed_bench_gate(f"Bench {uuid.uuid4().hex[:8]}")
    passes = [_pass() for _ in range(PEOPLE)]
    server = serve()
    try:
        wait_for("the server", lambda: web_is_ready(f"http://127.0.0.1:{PORT}"), seconds=30)
        _bare(key, WARM_UP)
        meter = Meter(server.pid)
        shown_at = clock.now()
        _scans(gate, passes, WARM_UP, shown_at)
        bare_s = scans_s = bare_ms = scans_ms = database_ms = 0.0
        # Turn and turn about: what else the machine does falls on both alike.
        for _ in range(ROUNDS):
            start = meter.read()
            bare_s += EACH / _bare(key, EACH).per_second
            middle = meter.read()
            shown_at = max(clock.now(), shown_at + SECOND)
            scanned = _scans(gate, passes, EACH, shown_at)
            end = meter.read()
            scans_s += EACH / scanned.per_second
            bare_ms += middle["web"] - start["web"]
            scans_ms += end["web"] - middle["web"]
            database_ms += end["database"] - middle["database"]
    finally:
        server.terminate()
        server.wait()
    return {
        "bare_scan_view": SCANS / bare_s,
        "scan_verified": SCANS / scans_s,
        "scan_p50_ms": scanned.p50_ms,
        "scan_p99_ms": scanned.p99_ms,
        "bare_scan_cpu_web_ms": bare_ms / SCANS,
        "scan_cpu_web_ms": scans_ms / SCANS,
        "scan_cpu_database_ms": database_ms / SCANS,
    }


Pass = tuple[bytes, cose.Signer]


def _pass() -> Pass:
    """Somebody new with a pass bound to a device."""
    device = ec.generate_private_key(ec.SECP256R1())
    text = health.mint_bench_pass(uuid.uuid4(), device.public_key())
    return base45.decode(text.removeprefix(sh1.PREFIX)), cose.es256_signer(device)


def _bare(key: ec.EllipticCurvePrivateKey, count: int) -> Outcome:
    body = b"x" * 400
    signature = base64.b64encode(key.sign(body, ec.ECDSA(hashes.SHA256()))).decode()
    request = request_bytes("/lab/bench/bare-scan", body, {"X-Sign": signature})
    return _measured([request] * count)


def _scans(credential: str, passes: Sequence[Pass], count: int, shown_at: datetime) -> Outcome:
    """Presentations made then, one of each person."""
    codes = [
        sh1.text(sh1.show(data, signer=signer, shown_at=shown_at))
        for data, signer in passes[:count]
    ]
    headers = {
        "Content-Type": "application/json", "Authorization": f"Terminal {credential}",
    }  # fmt: skip
    requests = [
        request_bytes(
            "/api/v1/health/codes/verify",
            json.dumps({"code": code}).encode(),
            headers,
        )
        for code in codes
    ]
    return _measured(requests)


def _measured(requests: Sequence[bytes]) -> Outcome:
    outcome = measure(
        host="127.0.0.1",
        port=PORT,
        requests=requests,
        connections=FEW,
        kind=lambda head, body: "ok" if b'"admitted":true' in body else body.decode()[:300],
    )
    if set(outcome.answers) != {"ok"}:
        raise RuntimeError(f"not every answer was good: {outcome.answers.most_common(3)}")
    return outcome
