"""Seed files: people, shops and colours as the file says, or every mistake named."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from config.kernel import clock
from healthcode import public as health
from lab import cast, demo_keys, seed_file
from lab.usecases.plant_seed import WorldUnderWay, plant_seed
from merchants.onboarding.models import AppKey, Merchant
from merchants.onboarding.usecases.generate_key_pair import generate_key_pair
from tests.factories.accounts import available_minor, make_user

pytestmark = pytest.mark.django_db
WORLD = """
seed: 42
clock: 2026-03-02T07:00:00+08:00
people:
  - {key: li, name: 李伟, balance: "500.00", colour: GREEN}
  - {key: mei, name: 韩梅, colour: YELLOW}
  - {key: wang, name: 王芳, colour: RED}
shops:
  - {key: baozi, name: 巷口包子铺, public_key: "%s", notify_url: "http://127.0.0.1:3000/n"}
"""


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def test_brings_people_with_money_and_colours_and_shops_with_the_developers_key() -> None:
    key = generate_key_pair().public_base64
    plant_seed(seed_file.read_yaml(WORLD % key))
    colours = {name: health.colour_of(who.id).value for name, who in cast.members().items()}
    assert {name: colours[name] for name in ("li", "mei", "wang")} == {
        "li": "GREEN", "mei": "YELLOW", "wang": "RED",
    }  # fmt: skip
    assert available_minor(cast.member("li").user) == 500_00
    assert AppKey.objects.filter(
        state="ACTIVE", app__app_id=demo_keys.load("baozi").app_id
    ).exists()
    assert Merchant.objects.get().name == "巷口包子铺"
    assert clock.now().isoformat() == "2026-03-01T23:00:00+00:00"


def test_the_same_file_again_adds_nothing() -> None:
    text = "people:\n  - {key: li, name: Li, balance: '5.00'}\n"
    for _ in range(2):
        plant_seed(seed_file.read_yaml(text))
    assert available_minor(cast.member("li").user) == 5_00


def test_a_world_that_has_begun_keeps_its_clock() -> None:
    make_user(balance_minor=1_00)
    with pytest.raises(WorldUnderWay):
        plant_seed(seed_file.read_yaml("clock: 2026-03-02T07:00:00+08:00"))


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "people: [{key: li, name: Li, balance: '1.005'}]",
            "people.0.balance: expected an amount",
        ),
        ("people: [{key: Li, name: Li}]", "people.0.key: "),
        ("people: [{key: li, name: Li, colour: BLUE}]", "people.0.colour: "),
        ("people: [{key: li, name: Li, purse: 3}]", "people.0.purse: "),
        ("people: [{key: li, name: A}, {key: li, name: B}]", "li: two are called so"),
        ("shops: [{key: a, name: A, owner: nobody}]", "shops.a.owner: nobody of people"),
        ("- a list", "expected a mapping"),
        ("a: [", "while parsing"),
    ],
)
def test_every_mistake_is_named_with_its_place(text: str, mistake: str) -> None:
    with pytest.raises(seed_file.SeedFileInvalid) as refused:
        seed_file.read_yaml(text)
    assert any(line.startswith(mistake) for line in refused.value.mistakes), refused.value.mistakes
