"""Parameters from raw bytes: every split of query and body, every odd encoding."""

import pytest

from merchants.protocol import parameters

FORM = "application/x-www-form-urlencoded"
MULTIPART = (
    b'--B\r\nContent-Disposition: form-data; name="biz_content"\r\n\r\n{}\r\n'
    b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nPNG\r\n'
    b"--B--\r\n"
)


@pytest.mark.parametrize(
    ("query", "body"),
    [(b"a=1&b=2", b""), (b"", b"a=1&b=2"), (b"a=1", b"b=2"), (b"a=1", b"a=1&b=2\r\n")],
)
def test_merges_query_and_body(query: bytes, body: bytes) -> None:
    assert parameters.read_parameters(query, body, FORM) == {b"a": b"1", b"b": b"2"}


def test_takes_the_querys_value_of_a_name_given_twice() -> None:
    assert parameters.read_parameters(b"a=1", b"a=2", FORM) == {b"a": b"1"}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"a=1+2", b"1 2"),
        (b"a=%2B%20", b"+ "),
        (b"a=%D6%D0", "中".encode("gbk")),
        (b"a=%zz%4", b"%zz%4"),
        (b"a=b=c", b"b=c"),
        (b"a", b""),
        (b"a=\xff", b"\xff"),
    ],
)
def test_decodes_values_to_bytes(sent: bytes, read: bytes) -> None:
    assert parameters.read_parameters(sent, b"", "") == {b"a": read}


def test_ignores_pairs_without_a_name() -> None:
    assert parameters.read_parameters(b"&&=x&a=1", b"", "") == {b"a": b"1"}


def test_reads_the_fields_of_a_multipart_body_and_leaves_files_out() -> None:
    params = parameters.read_parameters(b"m=x", MULTIPART, "multipart/form-data; boundary=B")
    assert params == {b"biz_content": b"{}", b"m": b"x"}


def test_finds_nothing_in_a_multipart_body_without_boundary() -> None:
    assert parameters.read_parameters(b"", MULTIPART, "multipart/form-data") == {}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"&".join(b"k%d=1" % number for number in range(300)), FORM),
        (b"--B\r\n\r\n" * 300, "multipart/form-data; boundary=B"),
    ],
)
def test_refuses_a_flood_of_parameters(body: bytes, content_type: str) -> None:
    with pytest.raises(parameters.TooManyParameters):
        parameters.read_parameters(b"", body, content_type)
