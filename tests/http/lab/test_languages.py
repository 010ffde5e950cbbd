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
