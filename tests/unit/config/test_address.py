"""client_address: a caller's word about itself is believed from nobody but our proxies."""

import pytest
from pytest_django import Settings

from config.http.address import client_address

PROXIES = ["10.0.0.0/8", "2001:db8::1"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::9]:4711", "2001:db8::9"),
        ("2001:db8::1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nobody", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.3"),
        ("", "198.51.100.7", "unix"),
    ],
)
def test_tells_who_calls(
    peer: str, forwarded: str | None, address: str, settings: Settings
) -> None:
    settings.SAOMA_TRUSTED_PROXIES = PROXIES
    meta = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_address(meta) == address


def test_a_proxy_on_a_socket_of_this_machine_is_believed_where_it_is_named(
    settings: Settings,
) -> None:
    settings.SAOMA_TRUSTED_PROXIES = ["unix"]
    meta = {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}
    assert client_address(meta) == "198.51.100.7"
