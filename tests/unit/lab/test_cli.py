"""`saoma` on the command line: what is wrong is said in a sentence, never as a traceback."""

import socket
from pathlib import Path

import pytest

from lab.cli.main import main


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the command sets for its process ends with the test."""
    monkeypatch.setenv("SAOMA_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)


@pytest.fixture
def closed_url() -> str:
    """An address of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("text", ["{", "{}", "[]", "7"])
def test_a_file_that_is_no_ready_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = tmp_path / "ready.json"
    path.write_text(text, encoding="utf-8")
    assert main(["reset", "--world", str(path)]) == 1
    assert capsys.readouterr().err == f"{path}: not a ready file of `saoma up`\n"


def test_a_world_that_does_not_run_is_named_in_the_systems_words(
    capsys: pytest.CaptureFixture[str], closed_url: str
) -> None:
    assert main(["reset", "--url", closed_url]) == 1
    assert capsys.readouterr().err == f"no world answers at {closed_url}: Connection refused\n"


def test_notifications_are_forwarded_to_a_web_address_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["listen", "--forward-to", "notify"])
    assert "'notify' is no address such as http://127.0.0.1:3000/" in capsys.readouterr().err
