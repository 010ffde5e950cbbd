"""Five frauds, each a script played in episodes. Pure, seeded by the world's dice."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from wallet.risk.rules.history import Move
from wallet.risk.simulator.population import DAYS, Event, World, at_hour, price
from wallet.risk.values import Movement

Script = Callable[[World, int, int], Iterator[Event]]
EVERY_DAYS = 2.4
FIRST_DAY = 6


def account_takeover(world: World, day: int, episode: int) -> Iterator[Event]:
    """Somebody else's phone empties a wallet within the hour, to payees that are new to it."""
    dice = world.dice
    victim, start = dice.choice(world.people), at_hour(world, day)
    device = f"stolen-{episode}"
    for number in range(dice.randrange(3, 7)):
        at = start + timedelta(minutes=number * dice.uniform(2, 9))
        amount = int(victim.scale * dice.uniform(15, 60)) * 100
        by_scan = dice.random() < 0.6
        to = f"mule-{dice.randrange(40)}" if by_scan else dice.choice(world.shops)
        move = Move(at, victim.name, to, device, amount)
        yield Event(move, Movement.SCAN if by_scan else Movement.CODE, "account_takeover", episode)


def mule_fan(world: World, day: int, episode: int) -> Iterator[Event]:
    """Victims send money to a mule within hours; the mule sends it on in a few parts."""
    dice = world.dice
    mule, start = f"fan-mule-{episode}", at_hour(world, day)
    total, at = 0, start
    for victim in dice.sample(world.people, dice.randrange(7, 13)):
        at += timedelta(minutes=dice.uniform(3, 35))
        amount = dice.randrange(5, 40) * 100_00
        total += amount
        yield Event(Move(at, victim.name, mule, None, amount), Movement.TRANSFER, "mule_fan",
                    episode)  # fmt: skip
    parts = dice.randrange(2, 5)
    for number in range(parts):
        at += timedelta(minutes=dice.uniform(2, 20))
        move = Move(at, mule, f"collector-{number}-{episode % 5}", None, total // parts)
        yield Event(move, Movement.TRANSFER, "mule_fan", episode)


def card_testing(world: World, day: int, episode: int) -> Iterator[Event]:
    """One device tries many people's stolen wallets with small sums at one shop."""
    dice = world.dice
    shop, at = dice.choice(world.shops), at_hour(world, day)
    for victim in dice.sample(world.people, dice.randrange(12, 20)):
        at += timedelta(seconds=dice.uniform(10, 70))
        move = Move(at, victim.name, shop, f"tester-{episode}", dice.randrange(1, 500))
        yield Event(move, Movement.CODE, "card_testing", episode)


def merchant_collusion(world: World, day: int, episode: int) -> Iterator[Event]:
    """A shop and its friends sell nothing, are settled, and refund on our credit."""
    dice = world.dice
    shop = f"front-{episode}"
    friends = dice.sample(world.people, 3)
    for number in range(dice.randrange(7, 12)):
        friend = friends[number % 3]
        at = at_hour(world, min(day + number // 3, DAYS - 1))
        amount = dice.randrange(20, 90) * 100_00
        yield Event(Move(at, friend.name, shop, friend.device, amount), Movement.CODE,
                    "merchant_collusion", episode)  # fmt: skip
        if dice.random() < 0.8:
            # After settlement: the money has left, the refund is lent by us.
            back = at + timedelta(hours=dice.uniform(20, 40))
            yield Event(Move(back, friend.name, shop, None, amount), Movement.CODE,
                        is_refund=True)  # fmt: skip


def swapped_sticker(world: World, day: int, episode: int) -> Iterator[Event]:
    """A sticker over a shop's code: its customers pay somebody new, all in a day."""
    dice = world.dice
    thief, start = f"sticker-{episode}", at_hour(world, day)
    for customer in dice.sample(world.people, dice.randrange(12, 22)):
        at = start + timedelta(minutes=dice.uniform(0, 420))
        move = Move(at, customer.name, thief, customer.device, price(world, customer))
        yield Event(move, Movement.SCAN, "swapped_sticker", episode)


SCRIPTS: Mapping[str, Script] = {
    "account_takeover": account_takeover,
    "mule_fan": mule_fan,
    "card_testing": card_testing,
    "merchant_collusion": merchant_collusion,
    "swapped_sticker": swapped_sticker,
}


def all_episodes(world: World) -> Iterator[Event]:
    """Every episode of every script, some days apart, from the first week on."""
    for offset, (_, script) in enumerate(SCRIPTS.items()):
        day, episode = FIRST_DAY + offset * 0.5, 0
        while day < DAYS - 1:
            yield from script(world, int(day), episode)
            episode += 1
            day += EVERY_DAYS * world.dice.uniform(0.7, 1.3)
