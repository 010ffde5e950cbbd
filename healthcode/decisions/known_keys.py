"""Whose public key is whose: none of ours is anybody else's, and no two bodies of a kind share one.

With our own key a laboratory's report, an issuer's certificate or a region's pass would be our
own word for it. Each slice reads the keys of its bodies; all are compared here.
"""

from collections.abc import Callable, Iterable

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from healthcode.codec.keys import Key

# A body as `kind:name`, and its keys. Ours are those of OWN.
Holder = tuple[str, Iterable[Key]]
Reader = Callable[[], Iterable[Holder]]
OWN = "own"
_READERS: list[Reader] = []


def reads_keys(reader: Reader) -> Reader:
    """Let the keys that this function reads belong to whom it names."""
    _READERS.append(reader)
    return reader


def is_of_another(keys: Iterable[Key], *, body: str) -> bool:
    """Whether any of these keys is ours, or another body's of the kind that offers them."""
    points = {_point(key) for key in keys}
    kinds = {OWN, body.partition(":")[0]}
    return any(
        holder != body and holder.partition(":")[0] in kinds and _point(key) in points
        for reader in _READERS
        for holder, own in reader()
        for key in own
    )


def _point(key: Key) -> bytes:
    """A key in its one spelling."""
    return key.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
