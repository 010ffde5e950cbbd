"""What the health code costs: operations a CPU second in one process, and scans over HTTP.

Signing is never the limit; drawing QR codes in Python is a hundred times slower, which
is why phones draw them. Figures are per second of CPU, so that a busy machine does not
make them smaller.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from healthcode.codec import cose, hc1, keys, sh1
from healthcode.evidence.values import EvidenceItem, EvidenceKind, Source
from healthcode.passes.qr import svg
from healthcode.rules import library
from healthcode.rules.assess import assess, colour
from healthcode.rules.facts import project
from lab.bench import scans

NOW = datetime(2022, 6, 10, 4, 0, tzinfo=UTC)
_LOOK_EVERY = 20


def run(seconds: float = 10.0) -> dict[str, float]:
    """Measure for about so many seconds in all.

    Returns:
        operations per CPU second, by name, and the ratio of a whole verification to the
        bare signature check in it.
    """
    parts = _operations()
    share = seconds / len(parts)
    figures: dict[str, float] = {name: round(_rate(work, share)) for name, work in parts.items()}
    ratio = figures["show_verified"] / (figures["es256_verified"] / 2)
    return {**figures, "show_to_its_two_signatures": round(ratio, 2), **scans.run()}


def _rate(work: Callable[[], object], seconds: float) -> float:
    """How often a piece of work fits into a CPU second."""
    work()
    count, start = 0, time.process_time()
    while (spent := time.process_time() - start) < seconds:
        for _ in range(_LOOK_EVERY):
            work()
        count += _LOOK_EVERY
    return count / spent


def _operations() -> dict[str, Callable[[], object]]:
    issuer, device = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    signer, device_signer = cose.es256_signer(issuer), cose.es256_signer(device)
    kid = keys.short_kid(keys.to_jwk(issuer.public_key()))
    trusted = [keys.Key(issuer.public_key(), kid)]
    claims = sh1.Claims(
        issuer="CN-330100",
        issued_at=NOW,
        expires_at=NOW + timedelta(hours=24),
        cti=bytes(16),
        colour=sh1.Colour.GREEN,
        name_hint="张*",
        rule_set="7plus3-2022-06",
        region="330100",
        kind=sh1.Kind.APP,
        birth="0214",
        device=device.public_key(),
    )
    passed = sh1.issue(claims, kid=kid, signer=signer)
    presentation = sh1.text(sh1.show(passed, signer=device_signer, shown_at=NOW))
    pass_text = sh1.text(passed)
    dcc = {"ver": "1.3.0", "nam": {"fnt": "ZHANG"}, "dob": "1990", "t": [{"tg": "840539006"}]}
    certificate = hc1.issue(
        dcc, issuer="CN", kid=kid, signer=signer, issued_at=NOW, expires_at=claims.expires_at
    )
    der = issuer.sign(passed, ec.ECDSA(hashes.SHA256()))
    public = issuer.public_key()
    items, rule_set = _evidence(), library.shipped("7plus3-2022-06")
    facts = project(items, at=NOW)
    return {
        "es256_signed": lambda: signer(passed),
        "es256_verified": lambda: public.verify(der, passed, ec.ECDSA(hashes.SHA256())),
        "pass_issued": lambda: sh1.text(sh1.issue(claims, kid=kid, signer=signer)),
        "pass_verified": lambda: sh1.verify(pass_text, trusted, at=NOW),
        "show_verified": lambda: sh1.verify(presentation, trusted, at=NOW),
        "hc1_issued": lambda: hc1.issue(
            dcc, issuer="CN", kid=kid, signer=signer, issued_at=NOW, expires_at=claims.expires_at
        ),
        "hc1_verified": lambda: hc1.verify(certificate, trusted, at=NOW),
        "colour_decided_from_facts": lambda: assess(facts, rule_set, at=NOW),
        "colour_decided_from_evidence": lambda: colour(items, rule_set, at=NOW),
        "qr_drawn_as_svg": lambda: svg(pass_text),
    }


def _evidence() -> list[EvidenceItem]:
    """A citizen's fortnight: declarations, check-ins, tests, one trip."""
    cool: dict[str, object] = {"temperature_tenths": 366}
    negative: dict[str, object] = {"result": "negative"}
    kinds: list[tuple[EvidenceKind, Source, dict[str, Any]]] = [
        (EvidenceKind.DECLARATION, Source.SELF, {"symptoms": []}),
        *[(EvidenceKind.DAILY_CHECKIN, Source.SELF, cool)] * 7,
        *[(EvidenceKind.NAAT, Source.LABORATORY, negative)] * 3,
        (EvidenceKind.AREA_STAY, Source.SELF, {"level": "medium"}),
    ]
    return [
        EvidenceItem(
            f"e{number}",
            kind,
            NOW - timedelta(days=number),
            NOW - timedelta(days=number),
            source,
            payload,
        )
        for number, (kind, source, payload) in enumerate(kinds)
    ]
