"""The keys of everybody who was registered before keys stood in one table."""

from collections.abc import Iterable, Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import migrations

from config.kernel import clock
from healthcode.codec.keys import PublicKey, fingerprint, from_certificate, from_jwk
from healthcode.passes.rules import PASS_LIFE


def _point(data: bytes) -> PublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes(data))


def _jwks(rows: Iterable[Any]) -> list[PublicKey]:
    return [from_jwk(jwk).public for jwk in rows]


def _bodies(apps: Any) -> Iterator[tuple[str, list[PublicKey]]]:
    """Ours first: where two had one key, it is whose it should have been."""
    passes = "health_passes"
    for model in ("SigningKey", "RootKey"):
        rows = apps.get_model(passes, model).objects
        yield "own", _jwks(rows.values_list("public_jwk", flat=True))
    for row in apps.get_model("health_decisions", "Laboratory").objects.order_by("id"):
        yield f"laboratory:{row.name}", _jwks([row.public_jwk])
    for row in apps.get_model(passes, "TrustedIssuer").objects.order_by("id"):
        methods = (row.did_document or {}).get("verificationMethod") or []
        jwks = [*(row.jwks or {}).get("keys", []), *(m["publicKeyJwk"] for m in methods)]
        certified = [from_certificate(row.certificate).public] if row.certificate else []
        yield f"issuer:{row.name}", [*_jwks(jwks), *certified]
    for row in apps.get_model(passes, "RegionAgreement").objects.order_by("id"):
        yield f"region:{row.issuer}", _jwks(row.jwks)
    terminals = apps.get_model("health_verification", "Terminal").objects
    for row in terminals.exclude(public_key=None).order_by("id"):
        yield f"terminal:{row.id}", [_point(row.public_key)]


def write_down(apps: Any, schema_editor: Any) -> None:
    """Write down whose each key is; the phones' until their last passes have ended."""
    party_keys = apps.get_model("health_decisions", "PartyKey").objects
    for party, keys in _bodies(apps):
        rows = [party_keys.model(fingerprint=fingerprint(key), party=party) for key in keys]
        party_keys.bulk_create(rows, ignore_conflicts=True)
    free_at = clock.now() + PASS_LIFE
    devices = apps.get_model("health_subjects", "Device").objects.select_related(
        "subject", "held_by"
    )
    for device in devices.order_by("id").iterator():
        owner = device.held_by or device.subject
        name = fingerprint(_point(device.public_key))
        row = party_keys.model(fingerprint=name, party=f"phone:{owner.alias}", free_at=free_at)
        party_keys.bulk_create([row], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_tables"),
        ("health_verification", "0002_access_log_entry"),
        ("health_decisions", "0002_one_key_one_party"),
        ("health_passes", "0001_tables"),
        ("health_subjects", "0001_tables"),
    ]

    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
