"""People, shops and stalls, and what they do on an honest day. Pure, seeded."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from wallet.risk.rules.history import Move
from wallet.risk.values import Movement

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 36
PEOPLE, SHOPS, STALLS = 1500, 110, 30
# Most buy in shops; evenings are busy and nights are not empty. Hours on the clock there.
HOURS = (1, 1, 0, 0, 0, 1, 3, 8, 7, 5, 5, 10, 12, 7, 5, 5, 6, 9, 12, 10, 7, 5, 3, 2)
ZONE_OFFSET = timedelta(hours=8)


@dataclass(slots=True)
class Person:
    """A payer: devices, the places they go to, the friends they send money to."""

    name: str
    device: str
    habit: float
    scale: float
    shops: list[str]
    friends: list[str]


@dataclass(frozen=True, slots=True)
class Event:
    """A movement or a refund; `script` names the fraud it belongs to, "" for an honest one."""

    move: Move
    movement: Movement
    script: str = ""
    episode: int = 0
    is_refund: bool = False


@dataclass(slots=True)
class World:
    """Everybody there is, and the dice that everything is thrown with."""

    dice: random.Random
    people: list[Person] = field(default_factory=list)
    shops: list[str] = field(default_factory=list)
    stalls: list[str] = field(default_factory=list)


def make_world(seed: int) -> World:
    """The people and places of one seed."""
    dice = random.Random(seed)  # noqa: S311 - a simulation, to be repeated from its seed
    world = World(dice)
    world.shops = [f"shop-{n}" for n in range(SHOPS)]
    world.stalls = [f"stall-{n}" for n in range(STALLS)]
    names = [f"person-{n}" for n in range(PEOPLE)]
    for number, name in enumerate(names):
        # Couples share a phone; more than two at one is what a rule looks for.
        shares = (
            dice.random() < 0.04 and number > 0 and world.people[-1].device == f"phone-{number - 1}"
        )
        world.people.append(
            Person(
                name=name,
                device=world.people[-1].device if shares else f"phone-{number}",
                habit=dice.uniform(0.5, 2.2),
                scale=dice.lognormvariate(3.0, 0.4),
                shops=dice.sample(world.shops, 7) + dice.sample(world.stalls, 2),
                friends=dice.sample(names, 4),
            )
        )
    return world


def honest_day(world: World, day: int) -> Iterator[Event]:
    """What honest people do on one day, refunds included, in no order."""
    dice = world.dice
    for person in world.people:
        if dice.random() < 0.001:
            person.device = f"{person.device}+"  # a new phone
        for _ in range(_count(dice, person.habit)):
            yield from _purchase(world, person, day)
        if dice.random() < 0.12:
            yield _transfer(world, person, day)
    for _ in range(_count(dice, 1.5)):
        yield from _collection(world, day)
    if dice.random() < 0.25:
        yield from _opening(world, day)


def at_hour(world: World, day: int) -> datetime:
    """A moment of a day, as busy hours are spread."""
    hour = world.dice.choices(range(24), HOURS)[0]
    seconds = world.dice.uniform(0, 3600)
    return BEGIN + timedelta(days=day, hours=hour, seconds=seconds) - ZONE_OFFSET


def price(world: World, person: Person) -> int:
    """What an ordinary purchase costs this person, in minor units; now and then a lot."""
    dice = world.dice
    if dice.random() < 0.012:
        return int(dice.uniform(600, 5000)) * 100
    return max(1_00, int(dice.lognormvariate(0, 0.7) * person.scale * 100))


def _count(dice: random.Random, mean: float) -> int:
    return int(mean) + (dice.random() < mean % 1)


def _purchase(world: World, person: Person, day: int) -> Iterator[Event]:
    dice = world.dice
    places = person.shops if dice.random() < 0.85 else [*world.shops, *world.stalls]
    place = dice.choice(places)
    by_scan = place in world.stalls or dice.random() < 0.2
    # Now and then somebody pays on a second phone, a tablet, a phone borrowed for the day.
    device = f"{person.name}-{day}" if dice.random() < 0.003 else person.device
    move = Move(at_hour(world, day), person.name, place, device, price(world, person))
    yield Event(move, Movement.SCAN if by_scan else Movement.CODE)
    if dice.random() < 0.012:
        later = move.at + timedelta(hours=dice.uniform(1, 100))
        yield Event(Move(later, person.name, place, None, move.amount_minor), Movement.CODE,
                    is_refund=True)  # fmt: skip


def _transfer(world: World, person: Person, day: int) -> Event:
    dice = world.dice
    to = dice.choice(person.friends) if dice.random() < 0.85 else dice.choice(world.people).name
    amount = int(min(dice.lognormvariate(5.0, 1.1), 20_000)) * 100 + 1_00
    return Event(Move(at_hour(world, day), person.name, to, None, amount), Movement.TRANSFER)


def _collection(world: World, day: int) -> Iterator[Event]:
    """Friends pay their share to one of them, who has paid for all: an honest fan-in."""
    dice = world.dice
    organiser, start = dice.choice(world.people), at_hour(world, day)
    share = dice.randrange(30, 200) * 100
    for guest in dice.sample(world.people, dice.randrange(4, 12)):
        at = start + timedelta(minutes=dice.uniform(0, 240))
        yield Event(Move(at, guest.name, organiser.name, None, share), Movement.TRANSFER)


def _opening(world: World, day: int) -> Iterator[Event]:
    """A stall opens: new to everybody, honest, slow to be found."""
    dice = world.dice
    stall = f"stall-{len(world.stalls)}"
    world.stalls.append(stall)
    for guest in dice.sample(world.people, dice.randrange(4, 13)):
        guest.shops.append(stall)
        move = Move(at_hour(world, day), guest.name, stall, guest.device, price(world, guest))
        yield Event(move, Movement.SCAN)
