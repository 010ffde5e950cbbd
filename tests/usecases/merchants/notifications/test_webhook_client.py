"""post_form: reaches the merchant it was meant for and nothing behind our walls."""

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from merchants.notifications import webhook_client
from merchants.notifications.webhook_payload import Delivery, Failure
from tests.factories.receiver import Answer, receiving


def post(url: str, *, allow_loopback: bool = True) -> Delivery:
    """One send of a small form."""
    return webhook_client.post_form(url, b"a=1", charset="utf-8", allow_loopback=allow_loopback)


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "fe80::1",
        "fc00::1",
        "::",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
    ],
)
def test_never_connects_to_addresses_that_are_not_public(text: str) -> None:
    assert not webhook_client.may_connect(ipaddress.ip_address(text), allow_loopback=True)


@pytest.mark.parametrize("text", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_connects_to_this_machine_in_the_lab_alone(text: str) -> None:
    address = ipaddress.ip_address(text)
    assert webhook_client.may_connect(address, allow_loopback=True)
    assert not webhook_client.may_connect(address, allow_loopback=False)


@pytest.mark.parametrize("text", ["93.184.215.14", "2606:4700::1111"])
def test_connects_to_public_addresses(text: str) -> None:
    assert webhook_client.may_connect(ipaddress.ip_address(text), allow_loopback=False)


def test_refuses_loopback_outside_the_lab_before_connecting() -> None:
    with receiving() as receiver:
        delivery = post(receiver.url, allow_loopback=False)
    assert delivery.failure is Failure.ADDRESS
    assert receiver.got == []


@pytest.mark.parametrize(
    "url", ["http://10.1.2.3/", "http://[::ffff:192.168.0.1]/", "http://169.254.169.254/latest"]
)
def test_refuses_private_addresses_in_the_url(url: str) -> None:
    assert post(url).failure is Failure.ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example/",
        "http://",
        "http://[::1",
        "http://x:99999/",
        "http://商店.example/",
        "",
    ],
)
def test_refuses_what_is_no_web_address(url: str) -> None:
    assert post(url).failure is Failure.URL


def test_refuses_a_name_with_one_private_address_among_public_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, 80))
        for text in ("93.184.215.14", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert post("http://shop.example/").failure is Failure.ADDRESS


def test_connects_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def once(host: str, *rest: Any, **named: Any) -> Any:
        looked_up.append(host)
        return real("127.0.0.1" if host == "shop.example" else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    with receiving() as receiver:
        port = receiver.url.split(":")[2].split("/")[0]
        delivery = post(f"http://shop.example:{port}/n")
    assert delivery.failure is None
    assert looked_up.count("shop.example") == 1
    assert receiver.got[0].headers["Host"] == f"shop.example:{port}"


def test_says_when_a_name_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object, **__: object) -> object:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    assert post("http://shop.example/").failure is Failure.NAME


def test_says_when_a_name_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    assert post("http://shop.example/").failure is Failure.NAME


def test_says_when_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/").failure is Failure.CONNECTION


def test_says_when_the_other_side_speaks_no_tls() -> None:
    with receiving() as receiver:
        delivery = post(receiver.url.replace("http://", "https://"))
    assert delivery.failure in {Failure.TLS, Failure.CONNECTION}


def test_follows_no_redirect() -> None:
    with (
        receiving() as other,
        receiving(Answer(302, b"success", headers={"Location": other.url})) as first,
    ):
        delivery = post(first.url)
    assert delivery.failure is Failure.REDIRECT
    assert other.got == []


def test_gives_up_a_slow_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_client, "TIMEOUT_S", 0.2)
    with receiving(Answer(delay_s=0.6)) as receiver:
        delivery = post(receiver.url)
    assert delivery.failure is Failure.TIMEOUT
    assert 150 <= delivery.duration_ms < 600


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that sends its answer a byte at a time, each in time, never done."""
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = server.accept()
        with connection:
            try:
                for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 200:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.05)
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/"
    thread.join()
    server.close()


def test_gives_up_an_answer_that_drips(dripping: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_client, "TIMEOUT_S", 0.4)
    delivery = post(dripping)
    assert delivery.failure is Failure.TIMEOUT
    assert delivery.duration_ms < 2_000


def test_reads_no_more_than_it_shows() -> None:
    with receiving(Answer(200, b"x" * 1_000_000)) as receiver:
        delivery = post(receiver.url)
    assert len(delivery.answer) == webhook_client.SHOWN_BYTES
    assert delivery.failure is Failure.NOT_SUCCESS
