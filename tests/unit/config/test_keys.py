"""Secrets at rest: what opens them, and what does not."""

import pytest
from pytest_django import Settings

from config.kernel import keys


def test_opens_a_sealed_secret_for_the_same_purpose_and_row() -> None:
    sealed = keys.seal(b"secret", purpose="p", bound_to="row:1")
    assert b"secret" not in sealed
    assert keys.unseal(sealed, purpose="p", bound_to="row:1") == b"secret"


@pytest.mark.parametrize(("purpose", "row"), [("q", "row:1"), ("p", "row:2"), ("p", "")])
def test_opens_no_secret_for_another_purpose_or_row(purpose: str, row: str) -> None:
    sealed = keys.seal(b"secret", purpose="p", bound_to="row:1")
    with pytest.raises(keys.SealBroken):
        keys.unseal(sealed, purpose=purpose, bound_to=row)


def test_opens_no_secret_that_was_changed() -> None:
    sealed = bytearray(keys.seal(b"secret", purpose="p"))
    sealed[-1] ^= 1
    with pytest.raises(keys.SealBroken):
        keys.unseal(bytes(sealed), purpose="p")


def test_an_older_key_of_the_ring_opens_and_the_newest_seals(settings: Settings) -> None:
    sealed, digest = keys.seal(b"secret", purpose="p"), keys.derive("p", 16)
    settings.MASTER_KEY_FALLBACKS = [settings.MASTER_KEY]
    settings.MASTER_KEY = "the next master key of this installation"

    assert keys.unseal(sealed, purpose="p") == b"secret"
    assert not keys.is_current(sealed, purpose="p")
    assert keys.is_current(keys.seal(b"secret", purpose="p"), purpose="p")
    assert keys.derive("p", 16) == digest
