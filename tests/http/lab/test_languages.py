"""The pages speak the reader's language, and name it."""

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("asked", "language", "word"),
    [
        ("en", "en", "Theatre"),
        ("fr", "fr", "Scène"),
        ("zh-CN", "zh-hans", "剧场"),
        ("de", "en", "Theatre"),
    ],
)
def test_a_page_is_in_the_readers_language(
    db: None, client: Client, asked: str, language: str, word: str
) -> None:
    page = client.get("/", headers={"Accept-Language": asked}).content.decode()

    assert f'<html lang="{language}" data-zone="Asia/Shanghai">' in page
    assert word in page


@pytest.mark.parametrize(
    ("language", "service"),
    [("en", "Smile to pay"), ("fr", "Payer d’un sourire"), ("zh-CN", "刷脸付")],
)
def test_the_doors_are_named_in_the_readers_language(
    db: None, client: Client, language: str, service: str
) -> None:
    page = client.get("/doors/", headers={"Accept-Language": language}).content.decode()

    assert f"<h2>{service}</h2>" in page
