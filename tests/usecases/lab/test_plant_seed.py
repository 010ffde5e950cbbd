"""Seed files: people, shops and colours as the file says, or every mistake named."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from config.kernel import clock
from healthcode import public as health
from lab import demo_keys, seed_file, seeded_people
from lab.usecases.plant_seed import WorldUnderWay, plant_seed
from merchants.onboarding.models import AppKey, Merchant
from merchants.onboarding.usecases.generate_key_pair import generate_key_pair
from tests.factories.accounts import available_minor, make_user

pytestmark = pytest.mark.django_db
TWO = "people:\n- {{key: li, name: A, {0}}}\n- {{key: mei, name: B, {0}}}"
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
    colours = {name: health.colour_of(who.id).value for name, who in seeded_people.people().items()}
    assert {name: colours[name] for name in ("li", "mei", "wang")} == {
        "li": "GREEN", "mei": "YELLOW", "wang": "RED",
    }  # fmt: skip
    assert available_minor(seeded_people.person("li").user) == 500_00
    assert AppKey.objects.filter(
        state="ACTIVE", app__app_number=demo_keys.load("baozi").app_number
    ).exists()
    assert Merchant.objects.get().name == "巷口包子铺"
    assert clock.now().isoformat() == "2026-03-01T23:00:00+00:00"


def test_the_same_file_again_adds_nothing() -> None:
    text = "people:\n  - {key: li, name: Li, balance: '5.00'}\n"
    for _ in range(2):
        plant_seed(seed_file.read_yaml(text))
    assert available_minor(seeded_people.person("li").user) == 5_00


def test_a_world_that_has_begun_keeps_its_clock() -> None:
    make_user(balance_minor=1_00)
    with pytest.raises(WorldUnderWay):
        plant_seed(seed_file.read_yaml("clock: 2026-03-02T07:00:00+08:00"))


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "people: [{key: li, name: Li, balance: '1.005'}]",
            "line 1, people.0.balance: expected an amount",
        ),
        ("people: [{key: Li, name: Li}]", "line 1, people.0.key: "),
        ("people: [{key: li, name: Li, colour: BLUE}]", "line 1, people.0.colour: "),
        ("people: [{key: li, name: Li, purse: 3}]", "line 1, people.0.purse: This field is not"),
        (
            "people:\n- {key: li, name: A}\n- {key: li, name: B}",
            "line 3, people.1.key: li: the same as of people.0",
        ),
        (
            TWO.format("phone: +8613800000001"),
            "line 3, people.1.phone: +8613800000001: the same",
        ),
        (
            TWO.format("id_number: 330106199002141236"),
            "line 3, people.1.id_number: 330106199002141236: the same",
        ),
        (
            "people: [{key: li, name: A}]\nshops: [{key: li, name: B}]",
            "line 2, shops.0.key: li: the same as of people.0",
        ),
        (
            "shops:\n- {key: a, name: A, short_name: S}\n- {key: b, name: B, short_name: S}",
            "line 3, shops.1.short_name: ",
        ),
        ("people: [{key: owner, name: A}]", "line 1, people.0.key: owner is who owns"),
        ("shops: [{key: a, name: A, owner: nobody}]", "line 1, shops.0.owner: nobody of people"),
        ("people:\n- key: li", "line 2, people.0.name: "),
        ("people:\n  li: Li", "line 1, people: Expected a list of items"),
        ("people:\n- li", "line 2, people.0: Invalid data"),
        ("people:", "line 1, people: This field may not be null"),
        ("people: [{key: li, name: {a: b}}]", "line 1, people.0.name: Not a valid string"),
        ("people: [{key: li, name: '  '}]", "line 1, people.0.name: This field may not be blank"),
        ("people: [{key: li, name: Li, tier: true}]", "line 1, people.0.tier: "),
        ("people: [{key: li, name: Li, tier: 9}]", "line 1, people.0.tier: "),
        ("people: [{key: li, name: Li, pin: 12345}]", "line 1, people.0.pin: "),
        ("people: [{key: li, name: Li, balance: -5.00}]", "line 1, people.0.balance: "),
        ("people: [{key: li, name: Li, balance: 1e9}]", "line 1, people.0.balance: "),
        ("people: [{key: li, name: Li, balance: .inf}]", "line 1, people.0.balance: "),
        (
            "people: [{key: li, name: Li, balance: 5000000.01}]",
            "line 1, people.0.balance: expected an amount from 0.00 to 5000000.00",
        ),
        (
            f"people: [{{key: li, name: Li, balance: {'9' * 5000}}}]",
            "line 1, people.0.balance: expected",
        ),
        (f"seed: {'9' * 5000}", "line 1, seed: "),
        ("seed: -1", "line 1, seed: "),
        ("clock: yesterday", "line 1, clock: "),
        (f"people: [{{key: li, name: {'x' * 65}}}]", "line 1, people.0.name: "),
        ('people: [{key: li, name: "L\\0i"}]', "line 1, people.0.name: Null characters"),
        ("people:\n- name: L\0i", "line 2: a character that no YAML has"),
        ("people:\n- name: L\x07i", "line 2: a character that no YAML has"),
        ('people: [{key: li, name: "\\ud800"}]', "line 1"),
        ("people:\n- {key: li, key: mei, name: Li}", "line 2, people.0.key: this name stands"),
        ("people: []\npeople: []", "line 2, people: this name stands here twice"),
        ("people: [{? [a] : b}]", "line 1, people.0: a name is a text"),
        ("people:\n- !!python/object/apply:os.system [ls]", "line 2, people.0: a seed file has no"),
        ("people:\n- {key: !!binary bGk=, name: Li}", "line 2, people.0.key: a seed file has no"),
        ("people: &all\n- {key: li, name: Li}\nshops: *all", "line 3: a copy of another"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "line 2: a copy of another"),
        ("people: &a [*a]", "line 1: a copy of another"),
        ("a: *nowhere", "line 1: "),
        (f"people: {'[' * 30}{']' * 30}", "line 1: parts within"),
        (f"people: {'[' * 90_000}", "line 1: "),
        ("--- {}\n--- {}", "line 2: "),
        ("- a list", "expected a mapping"),
        ("", "expected a mapping"),
        ("just words", "expected a mapping"),
        ("a: [", "line 2: "),
        ("people:\n\t- li", "line 2: "),
        ("#" * 200_001, "the file is longer than 200000"),
        (
            f"people: [{', '.join(f'{{key: p{n}, name: P}}' for n in range(201))}]",
            "line 1, people: ",
        ),
        ("shops: [{key: a, name: A, mcc: 12}]", "line 1, shops.0.mcc: "),
        ("shops: [{key: a, name: A, fee_bps: 1001}]", "line 1, shops.0.fee_bps: "),
        ("shops: [{key: a, name: A, faults: [{kind: RAIN}]}]", "line 1, shops.0.faults.0.kind: "),
        ("shops: [{key: a, name: A, faults: [{kind: DELAY_ANSWER}]}]", "line 1, shops.0.faults.0."),
    ],
)
def test_every_mistake_is_named_with_its_place(text: str, mistake: str) -> None:
    with pytest.raises(seed_file.SeedFileInvalid) as refused:
        seed_file.read_yaml(text)
    assert any(line.startswith(mistake) for line in refused.value.mistakes), refused.value.mistakes


def test_values_are_read_as_they_are_written() -> None:
    text = "people:\n- {key: li, name: no, phone: +8613800000009, pin: 012345, balance: 12.50}"
    (person,) = seed_file.read_yaml(text).people
    assert (person.name, person.phone, person.pin, person.balance_minor) == (
        "no", "+8613800000009", "012345", 12_50,
    )  # fmt: skip


def test_two_hundred_people_are_all_different() -> None:
    rows = ", ".join(f"{{key: p{number}, name: P}}" for number in range(200))
    people = seed_file.read_yaml(f"people: [{rows}]").people
    assert len({person.phone for person in people}) == 200
    assert len({person.id_number for person in people}) == 200
