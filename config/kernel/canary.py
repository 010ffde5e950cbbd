"""A canary sealed with the master key: a process with another key does not start.

With another key every PIN would look wrong and cost a try, and nothing could be signed. So
the first migration seals a known text and keeps one derived text, and every process that
serves compares both first.
"""

import hmac

from django.db import DatabaseError

from config.kernel import keys
from config.kernel.models import MasterKeyCanary

PURPOSE = "kernel/canary"
TEXT = b"the canary sings"
WRONG_KEY = (
    "SAOMA_MASTER_KEY is not the key that this database was sealed with: give the old one "
    "back (nothing was changed)"
)
WRONG_DERIVATION = (
    "SAOMA_DERIVATION_KEY is not the key that this database's digests were made with: it is "
    "the installation's first master key (nothing was changed)"
)


class MasterKeyWrong(SystemExit):
    """A key does not belong to this database; the start ends here."""


def hatch(**_: object) -> None:
    """Make the canary after the first migration; after later ones, see that the keys fit.

    Raises:
        MasterKeyWrong: it was made with other keys.
    """
    row, is_new = MasterKeyCanary.objects.get_or_create(
        id=1, defaults={"sealed": keys.seal(TEXT, purpose=PURPOSE), "derived": _derived()}
    )
    if is_new:
        return
    if not row.derived:  # made before there was a derivation key: the master key was it
        row.derived = _derived()
        row.save(update_fields=["derived"])
    _compare(row)


def check() -> bool:
    """See at the start of a process that the keys are right; False where nobody can say.

    A database that is away or not migrated yet is no wrong key.

    Raises:
        MasterKeyWrong: a key is another one.
    """
    try:
        row = MasterKeyCanary.objects.first()
    except DatabaseError:
        return False
    if row is None:
        return False
    _compare(row)
    return True


def reseal() -> None:
    """Seal the canary with the newest key, after every other secret was."""
    MasterKeyCanary.objects.filter(id=1).update(sealed=keys.seal(TEXT, purpose=PURPOSE))


def _compare(row: MasterKeyCanary) -> None:
    try:
        keys.unseal(bytes(row.sealed), purpose=PURPOSE)
    except keys.SealBroken as error:
        raise MasterKeyWrong(WRONG_KEY) from error
    if row.derived and not hmac.compare_digest(bytes(row.derived), _derived()):
        raise MasterKeyWrong(WRONG_DERIVATION)


def _derived() -> bytes:
    return keys.derive(PURPOSE, 16)
