"""Where codes of consents may go, and how long they and their tokens live."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from merchants.consents import rules
from merchants.consents.values import Scope

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SHOP = "https://shop.example/back"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://shop.example", "https://shop.example:443/"),
        ("http://shop.example/a?b=1", "http://shop.example:80/a"),
        ("HTTPS://Shop.Example:8443/A", "https://shop.example:8443/A"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
    ],
)
def test_an_address_counts_without_its_query(url: str, place: str) -> None:
    assert rules.place_of(url) == place


@pytest.mark.parametrize(
    "url",
    ["", "shop.example", "ftp://shop.example/", "javascript:alert(1)", "https:///back",
     "https://me@shop.example/", "https://shop.example/#x", "https://shop.example:port/",
     "https://shop.example:99999/", "https://商店.example/", "https://shop.example/a b",
     "https://shop.example\\@evil.example/", "https://shop.example/\n", "http://[::1/",
     "https://shop.example/" + "a" * 1_024],
)  # fmt: skip
def test_no_code_goes_to_what_is_no_plain_web_address(url: str) -> None:
    with pytest.raises(rules.ReturnAddressRefused):
        rules.place_of(url)


def test_a_code_goes_to_registered_addresses_only() -> None:
    registered = [SHOP]
    rules.check_return_address(f"{SHOP}?state=1", registered=registered, allow_loopback=True)
    for other in ("https://shop.example/other", "http://127.0.0.1/", "https://evil.example/back"):
        with pytest.raises(rules.ReturnAddressRefused):
            rules.check_return_address(other, registered=registered, allow_loopback=True)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://localhost/", "http://a.localhost/", "http://[::1]/"]
)
def test_an_app_without_addresses_may_use_this_machine_in_a_sandbox(url: str) -> None:
    rules.check_return_address(url, registered=[], allow_loopback=True)
    with pytest.raises(rules.ReturnAddressRefused):
        rules.check_return_address(url, registered=[], allow_loopback=False)


@pytest.mark.parametrize(
    "host", ["", "shop.example", "localhost.example", "10.0.0.1", "127.1.evil"]
)
def test_other_hosts_are_not_this_machine(host: str) -> None:
    assert not rules.is_loopback(host)


def test_an_end_is_exclusive_and_what_was_revoked_is_over() -> None:
    assert rules.is_live(revoked_at=None, expires_at=NOW + timedelta(microseconds=1), at=NOW)
    assert not rules.is_live(revoked_at=None, expires_at=NOW, at=NOW)
    assert not rules.is_live(revoked_at=NOW, expires_at=NOW + timedelta(days=1), at=NOW)


def test_scopes_are_kept_in_one_order_and_read_again() -> None:
    assert rules.scopes_text(reversed(list(Scope))) == rules.scopes_text(Scope)
    assert rules.scopes_of(rules.scopes_text(Scope)) == frozenset(Scope)
    assert rules.scopes_of("") == frozenset()


def test_two_apps_cannot_tell_that_their_numbers_are_one_persons() -> None:
    person = uuid.UUID(int=7)
    here = rules.pairwise_id(b"k", app_number="1", user_id=person)
    assert here == rules.pairwise_id(b"k", app_number="1", user_id=person)
    assert here != rules.pairwise_id(b"k", app_number="2", user_id=person)
    assert here != rules.pairwise_id(b"other", app_number="1", user_id=person)


def test_a_code_is_kept_as_its_fingerprint_whatever_its_characters() -> None:
    assert len(rules.fingerprint("\ud800")) == 64
