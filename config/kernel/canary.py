"""A canary sealed with the master key: a wrong key is found before anybody is harmed by it.

With another key every PIN would look wrong and cost a try, and nothing could be signed. So
the first migration seals a known text, and every process that serves opens it first.
"""

from django.db import DatabaseError

from config.kernel import keys
from config.kernel.models import MasterKeyCanary

PURPOSE = "kernel/canary"
TEXT = b"the canary sings"
WRONG_KEY = (
    "SAOMA_MASTER_KEY is not the key that this database was sealed with: give the old one "
    "back (nothing was changed)"
)


class MasterKeyWrong(SystemExit):
    """The master key does not belong to this database; the start ends here."""


def hatch(**_: object) -> None:
    """Seal the canary after the first migration; after later ones, see that it opens.

    Raises:
        MasterKeyWrong: it was sealed with another key.
    """
    row, is_new = MasterKeyCanary.objects.get_or_create(
        id=1, defaults={"sealed": keys.seal(TEXT, purpose=PURPOSE)}
    )
    if not is_new:
        _open(row)


def check() -> bool:
    """See at the start of a process that the master key is right; False where nobody can say.

    A database that is away or not migrated yet is no wrong key.

    Raises:
        MasterKeyWrong: the key is another one.
    """
    try:
        row = MasterKeyCanary.objects.first()
    except DatabaseError:
        return False
    if row is None:
        return False
    _open(row)
    return True


def _open(row: MasterKeyCanary) -> None:
    try:
        keys.unseal(bytes(row.sealed), purpose=PURPOSE)
    except keys.SealBroken as error:
        raise MasterKeyWrong(WRONG_KEY) from error
