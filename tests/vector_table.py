"""Run the public suites beside the checkout through the product, and print one table.

    make vectors

A suite that is not there is skipped. A case in which the product says something else than the
suite is a deviation and has its name in the table: those that are known have their reason here,
any other makes the command fail.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from healthcode.codec import base45, cbor, cose, hc1, keys, shc
from healthcode.codec.errors import CertificateRefused
from healthcode.rules.certlogic.evaluator import evaluate, to_json
from healthcode.rules.certlogic.values import CertLogicError, same
from tests import vectors
from wallet.qr.classify import classify

Verdict = Iterator[tuple[str, bool]]
KNOWN = {
    "f818": "simple(24) in two bytes: RFC 8949, 3.3 calls it not well-formed",
}
LATE, CODES_AT = datetime(2022, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Row:
    """One suite: how many cases, and the names of those in which we differ."""

    suite: str
    cases: int = 0
    deviations: list[str] = field(default_factory=list)


def refuses(work: Callable[[], object]) -> bool:
    """Whether the product refuses, in its own words."""
    try:
        work()
    except (CertificateRefused, keys.UnusableKey):
        return True
    return False


def _base45() -> Verdict:
    for case in vectors.cases("base45-rfc9285.json"):
        text, plain = case["b45"], case["bytes_utf8"]
        if plain is None:
            yield text, refuses(partial(base45.decode, text))
        else:
            yield (
                text,
                base45.encode(plain.encode()) == text and base45.decode(text) == plain.encode(),
            )


def _cbor() -> Verdict:
    for case in vectors.cases("cbor-appendix-a.json"):
        data = bytes.fromhex(case["hex"])
        if refuses(partial(cbor.decode, data)):
            yield case["hex"], False
        elif "decoded" in case:
            yield case["hex"], repr(cbor.decode(data)) == repr(case["decoded"])
        else:
            yield case["hex"], True


def _cose() -> Verdict:
    for case in vectors.cases("cose-wg-examples.json"):
        signed = case["input"].get("sign0")
        if signed is None:  # several signers, or a key that both sides hold: no certificate is
            continue
        holds = not refuses(partial(_cose_check, bytes.fromhex(case["output"]["cbor"]), signed))
        yield case["title"], holds is not bool(case.get("fail"))


def _cose_check(data: bytes, signed: dict[str, Any]) -> None:
    external = bytes.fromhex(signed.get("external", ""))
    cose.verify_sign1(cose.parse_sign1(data), [_cose_key(signed["key"])], external)


def _cose_key(members: dict[str, Any]) -> keys.Key:
    """The examples give some members in hex beside JWK's base64url."""
    jwk = dict(members)
    for name in [name for name in jwk if name.endswith("_hex")]:
        jwk[name.removesuffix("_hex")] = cbor.to_json(bytes.fromhex(jwk.pop(name)))
    return keys.from_jwk(jwk)


def _certlogic() -> Verdict:
    for suite in vectors.cases("certlogic-testsuite.json", "suites"):
        for case in suite["cases"]:
            for number, one in enumerate(case["assertions"]):
                if "skip" in (suite.get("directive"), case.get("directive"), one.get("directive")):
                    continue
                logic = one.get("certLogicExpression", case.get("certLogicExpression"))
                yield f"{suite['name']}: {case['name']} {number}", _evaluates(logic, one)


def _evaluates(logic: Any, one: dict[str, Any]) -> bool:
    try:
        return same(to_json(evaluate(logic, one["data"])), one["expected"])
    except CertLogicError:
        return False


def _eu() -> Verdict:
    stages = ("unprefix", "b45decode", "compression", "keyusage")
    for case in vectors.cases("dgc-testdata-sample.json"):
        key = keys.from_certificate(case["ctx"]["certificate"])
        at = datetime.fromisoformat(case["ctx"]["validationclock"])
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        expected = all(case["expected"].get(name, True) for name in stages)
        text = case["prefix"]
        holds = not refuses(partial(hc1.verify, text, [key], at=at))
        yield case["source"], holds is expected


def _cards() -> Verdict:
    known = vectors.folder() / "smart-health-cards-sample.json"
    if not known.is_file():
        return
    sample = vectors.load(known.name)
    jwks, example = sample["issuer_jwks"]["keys"], sample["positive_example"]
    yield (
        "the specification's example",
        not refuses(lambda: shc.verify(example["shc"], jwks, at=LATE)),
    )
    for case in sample["key_cases"]:
        wrong = case["name"].startswith(("wrong_", "cert_mismatch"))
        for jwk in case["jwks"]["keys"]:
            yield case["name"], refuses(partial(shc.check_jwk, jwk)) is wrong


def _ecdsa() -> Verdict:
    for group in vectors.cases("wycheproof-ecdsa_secp256r1_sha256_p1363_test.json", "testGroups"):
        point = bytes.fromhex(group["publicKey"]["uncompressed"])
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        yield from _signatures(group, cose.ES256, public)


def _eddsa() -> Verdict:
    for group in vectors.cases("wycheproof-ed25519_test.json", "testGroups"):
        x = cbor.to_json(bytes.fromhex(group["publicKey"]["pk"]))
        public = keys.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": x}).public
        yield from _signatures(group, cose.EDDSA, public)


def _signatures(group: dict[str, Any], alg: int, public: Any) -> Verdict:
    for test in group["tests"]:
        signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        holds = cose.is_signature(alg, public, signature, message)
        agreed = test["result"] == "acceptable" or holds is (test["result"] == "valid")
        yield f"case {test['tcId']}", agreed


def _codes() -> Verdict:
    for entry in vectors.cases("qr.json", ""):
        expired = "expired" in (entry.get("invalid_reason") or "")
        reading = classify(entry["payload"], at=CODES_AT if expired else None)
        yield str(entry["id"]), reading.valid is entry["valid"]


SUITES: dict[str, Callable[[], Verdict]] = {
    "Base45 (RFC 9285)": _base45,
    "CBOR (RFC 8949, appendix A)": _cbor,
    "COSE working group": _cose,
    "CertLogic": _certlogic,
    "EU test data": _eu,
    "SMART Health Cards": _cards,
    "Wycheproof ECDSA P-256": _ecdsa,
    "Wycheproof Ed25519": _eddsa,
    "QR payment codes": _codes,
}


def run() -> list[Row]:
    """Every suite, in order."""
    rows = []
    for name, suite in SUITES.items():
        row = Row(name)
        for case, agreed in suite():
            row.cases += 1
            if not agreed:
                row.deviations.append(case)
        rows.append(row)
    return rows


def main() -> int:
    """Print the table; 1 if we differ where nobody has said why."""
    unknown = 0
    print(f"{'suite':32} {'cases':>6} {'agree':>6}  deviations")
    for row in run():
        agree = row.cases - len(row.deviations)
        named = ", ".join(row.deviations) if row.cases else "not here: skipped"
        print(f"{row.suite:32} {row.cases:6} {agree:6}  {named}")
        for name in row.deviations:
            reason = KNOWN.get(name)
            unknown += reason is None
            print(f"{'':48}{name}: {reason or 'NOT EXPLAINED'}")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
