"""The container files say what the product's settings are called, and name parts that exist."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.settings.storage import broker_queues, database, default_queue_type
from tests.contracts.source import ROOT

SMALL, LARGE = ROOT / "docker/compose.yml", ROOT / "docker/ha/compose.yml"
VARIABLE = re.compile(r"\$\{(\w+)(?::?[-?][^}]*)?\}")


def read(path: Path) -> dict[str, Any]:
    """A compose file with its anchors resolved."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def app_environment(path: Path) -> dict[str, str]:
    """What the product's processes are given."""
    return dict(read(path)["x-app"]["environment"])


@pytest.mark.parametrize("path", [SMALL, LARGE])
def test_every_variable_of_a_process_is_a_setting_of_the_readme(path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in app_environment(path) if f"`{name}`" not in readme] == []


def test_both_installations_are_given_the_same_settings() -> None:
    assert set(app_environment(LARGE)) - set(app_environment(SMALL)) == {"CELERY_BROKER_URL"}
    assert set(app_environment(SMALL)) <= set(app_environment(LARGE))


@pytest.mark.parametrize("path", [SMALL, LARGE])
def test_every_secret_has_its_line_in_an_example(path: Path) -> None:
    examples = "".join(
        each.read_text(encoding="utf-8")
        for each in (ROOT / "docker/.env.example", path.parent / ".env.example")
    )
    required = re.findall(r"\$\{(\w+):\?", path.read_text(encoding="utf-8"))
    assert required
    assert [name for name in required if f"\n{name}=" not in f"\n{examples}"] == []


@pytest.mark.parametrize("path", [SMALL, LARGE])
def test_what_a_service_waits_for_mounts_and_runs_is_there(path: Path) -> None:
    content = read(path)
    services, folder = content["services"], path.parent
    for service in services.values():
        assert set(service.get("depends_on", [])) <= set(services)
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            is_there = (
                (folder / source).exists() if source[0] == "." else source in content["volumes"]
            )
            assert is_there, mount
        if build := service.get("build"):
            assert (folder / build["context"] / build["dockerfile"]).exists()
        command = service.get("command", [])
        if command[:2] == ["python", "-m"]:
            assert importlib.util.find_spec(command[2])


def test_two_pools_and_three_broker_nodes_stand_in_the_addresses() -> None:
    environment, services = app_environment(LARGE), read(LARGE)["services"]
    address = database(VARIABLE.sub("secret", environment["DATABASE_URL"]))
    pools = address["HOST"].split(",")
    assert [name for name in services if name.startswith("pool")] == pools
    assert len(address["PORT"].split(",")) == len(pools)
    broker = VARIABLE.sub("secret", environment["CELERY_BROKER_URL"])
    nodes = re.findall(r"@(\w+):5672", broker)
    assert [name for name in services if name.startswith("rabbit")] == nodes
    assert default_queue_type(broker) == "quorum"


def test_queues_of_one_node_stay_as_they_were_declared() -> None:
    assert default_queue_type("amqp://guest:guest@127.0.0.1:5672//") == "classic"
    assert default_queue_type("redis://127.0.0.1:6379/0") == "classic"
    assert [queue.queue_arguments for queue in broker_queues("classic")] == [None, None]
    assert [queue.queue_arguments for queue in broker_queues("quorum")] == [
        {"x-queue-type": "quorum"},
        {"x-queue-type": "quorum"},
    ]


def test_proxies_patroni_and_broker_name_services() -> None:
    services, folder = read(LARGE)["services"], LARGE.parent
    hosts = set[str]()
    for name in ("door.cfg", "database.cfg"):
        text = (folder / name).read_text(encoding="utf-8")
        hosts |= set(re.findall(r"^  server \w+ (\w+):\d+", text, flags=re.M))
    patroni = yaml.safe_load((folder / "patroni.yml").read_text(encoding="utf-8"))
    hosts |= {host.partition(":")[0] for host in patroni["etcd3"]["hosts"]}
    text = (folder / "rabbitmq.conf").read_text(encoding="utf-8")
    hosts |= set(re.findall(r"= rabbit@(\w+)$", text, flags=re.M))
    expected = {"web", "events", "db", "etcd", "rabbit"}
    assert {host.rstrip("0123456789") for host in hosts} == expected
    assert hosts == {name for name in services if name.rstrip("0123456789") in expected}
