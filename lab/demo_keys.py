"""The demo merchants' private keys, in files under `var/sandbox/` that only we can read.

The product itself keeps no merchant's private key; the lab plays both sides and needs
them for its till and for `manage.py sandbox`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from config.kernel.errors import NotFound, Unavailable
from merchants.certificates.queries import trio
from merchants.certificates.usecases.issue_app_certificate import issue_app_certificate
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import apps_of, gateway_signer
from merchants.onboarding.rules import load_private_key, pkcs8_of
from merchants.onboarding.usecases.generate_key_pair import generate_key_pair
from merchants.onboarding.usecases.rotate_key import rotate_key
from merchants.onboarding.values import SignType


class ShopUnknown(NotFound):
    """No merchant of the demo has this name."""

    code = "shop_unknown"
    message = "There is no such merchant in the demo."


class WorldNotSeeded(Unavailable):
    """The web server answers already, and the world's keys are not yet written."""

    code = "world_not_seeded"
    message = "This world is still being set up; ask again in a moment."


@dataclass(frozen=True, slots=True)
class ShopKey:
    """What a till needs to speak for a demo merchant."""

    merchant_number: str
    app_number: str
    private_key_file: str

    @property
    def pkcs8_file(self) -> str:
        """A file with the same key as PKCS#8, which Java asks for; made on the first use."""
        path = Path(self.private_key_file).with_suffix(".pkcs8.pem")
        path.touch(mode=0o600)
        path.write_text(pkcs8_of(self.private_key), encoding="utf-8")
        return str(path)

    @property
    def private_key(self) -> str:
        """The private key (PKCS#1 PEM)."""
        return Path(self.private_key_file).read_text(encoding="utf-8")


def folder() -> Path:
    """Where the files are; made on the first use."""
    path: Path = settings.DATA_DIR / "sandbox"
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def gateway_public_key_file() -> Path:
    """The gateway's public key (PEM), as merchants verify with it."""
    return folder() / "gateway_public_key.pem"


def gateway_public_key() -> str:
    """The gateway's public key as text.

    Raises:
        WorldNotSeeded: nobody has written it yet.
    """
    try:
        return gateway_public_key_file().read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise WorldNotSeeded from error


def store(slug: str, *, merchant_number: str, app_number: str, pem: str) -> None:
    """Keep a merchant's key."""
    path = folder() / f"{slug}.pem"
    path.touch(mode=0o600)
    path.write_text(pem, encoding="utf-8")
    facts = {"merchant_id": merchant_number, "app_id": app_number}
    _facts(slug).write_text(json.dumps(facts), encoding="utf-8")


def load(slug: str) -> ShopKey:
    """Give a merchant's key.

    Raises:
        ShopUnknown: there is none of this name.
    """
    path = _facts(slug)
    if "/" in slug or not path.exists():
        raise ShopUnknown(field="shop")
    facts = json.loads(path.read_text(encoding="utf-8"))
    # Beside the facts, wherever the folder was copied to since.
    return ShopKey(facts["merchant_id"], facts["app_id"], str(path.with_suffix(".pem")))


def all_keys() -> dict[str, ShopKey]:
    """Every seeded merchant's key, by name."""
    return {path.stem: load(path.stem) for path in sorted(folder().glob("*.json")) if _is_key(path)}


def _is_key(path: Path) -> bool:
    return path.with_suffix(".pem").exists()


def keep_app_key(slug: str, merchant: Merchant) -> ShopKey:
    """See that the file fits the merchant's app; a lost key is replaced by a new one."""
    app = apps_of(merchant.id)[0]
    path = _facts(slug)
    if path.exists() and json.loads(path.read_text(encoding="utf-8"))["app_id"] == app.app_number:
        return load(slug)
    pair = generate_key_pair()
    rotate_key(
        app_number=app.app_number,
        public_key=pair.public_base64,
        sign_types=(SignType.RSA2, SignType.RSA),
    )
    store(
        slug,
        merchant_number=merchant.merchant_number,
        app_number=app.app_number,
        pem=pair.private_pkcs1_pem,
    )
    return load(slug)


def keep_gateway_key() -> None:
    """Write the gateway's public key where merchants' settings point to."""
    public_key = gateway_signer().key.public_key()
    gateway_public_key_file().write_bytes(
        public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )


def keep_gate(credential: str | None) -> None:
    """Keep what the demo's gate says who it is by; it is told once, when it is made."""
    if credential is not None:
        path = folder() / "gate.txt"
        path.touch(mode=0o600)
        path.write_text(credential, encoding="utf-8")


def gate_credential() -> str:
    """What to set up a scanner of the demo's venue with; empty before the seed."""
    path = folder() / "gate.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def certificates(slug: str) -> dict[str, str]:
    """Write a merchant's three certificate files; gives where they are, and their numbers.

    Raises:
        ShopUnknown: there is no merchant of this name.
    """
    key = load(slug)
    private = load_private_key(key.private_key.encode())
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    issue_app_certificate(app_number=key.app_number, request=public.decode())
    pems = trio(key.app_number)
    texts = {
        "app_cert_file": (f"{slug}_app_cert.crt", pems.app_pem),
        "gateway_cert_file": ("gateway_cert.crt", pems.gateway_pem),
        "root_cert_file": ("root_certs.crt", pems.roots_pem),
    }
    for name, text in texts.values():
        (folder() / name).write_text(text, encoding="utf-8")
    files = {texts_by_name: str(folder() / name) for texts_by_name, (name, _) in texts.items()}
    numbers = {
        "app_cert_sn": pems.app_sn,
        "gateway_cert_sn": pems.gateway_sn,
        "root_cert_sn": pems.roots_sn,
    }
    return {**files, **numbers}


def _facts(slug: str) -> Path:
    return folder() / f"{slug}.json"
