"""Bring the people and shops of a seed file into the world; what is there already stays."""

import contextlib
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings

from config.kernel import clock, ids, timetable
from config.kernel.errors import Conflict, Refused, SaomaError, invariant
from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent
from config.kernel.usecases.set_clock import set_clock
from healthcode import public as health
from lab import demo_accounts, demo_keys, laboratory, seed_file, seeded_people
from lab.seed_file import OWNER, Person, SeedFile, SeedFileInvalid, Shop
from lab.seeded_people import SeededPerson
from merchants.funds import queries as funds
from merchants.funds.usecases.top_up_balance import top_up_balance
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import apps_of, merchants_of
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.usecases.onboard_sandbox import onboard_sandbox_merchant
from merchants.onboarding.usecases.rotate_key import rotate_key
from merchants.onboarding.usecases.set_notify_url import set_notify_url
from merchants.onboarding.values import SignType
from merchants.workbench.usecases.switch_fault import switch_on_fault
from wallet import public as wallet

ROUNDS = 400
ONE_TOPUP_MINOR = 50_000_00


class WorldUnderWay(Conflict):
    """Things have happened in this world: its clock cannot be put to a moment of its own."""

    code = "world_under_way"
    message = "The seed names a moment to begin at, and this world has begun already."


class IdentityRejected(Refused):
    """The identity check says no: somebody is under age, or listed."""

    code = "identity_rejected"
    message = "The identity check rejects this person: under age, or on a list of sanctions."


def plant_seed(seed: SeedFile) -> list[SeededPerson]:
    """Bring a seed file's people and shops into the world.

    A name that is there already keeps its wallet and its shop; balances are topped up once.

    Raises:
        WorldUnderWay: the file names a moment, and something has happened here already.
        SeedFileInvalid: registering or onboarding refuses somebody; who came before is there.
    """
    if seed.clock is not None:
        if OutboxEvent.objects.exists():
            raise WorldUnderWay(field="clock")
        set_clock(times=0, at=seed.clock)
    if seed.seed is not None:
        ids.draw_from(seed.seed)
    with partners_in_a_hurry():
        ensure_gateway_key()
        for number, person in enumerate(seed.people):
            with _at(seed, f"people.{number}"):
                plant_person(person)
        for number, shop in enumerate(seed.shops):
            with _at(seed, f"shops.{number}"):
                plant_shop(shop, _owner(shop))
        if any(person.colour for person in seed.people):
            _plant_health(seed)
    demo_keys.keep_gateway_key()
    return list(seeded_people.people().values())


@contextlib.contextmanager
def _at(seed: SeedFile, place: str) -> Iterator[None]:
    """Say of a refusal where in the file it arose."""
    try:
        yield
    except SeedFileInvalid:
        raise
    except SaomaError as error:
        raise seed_file.refused(seed, place, error) from error


@contextlib.contextmanager
def partners_in_a_hurry() -> Iterator[None]:
    """Let the simulated bank and identity check, which take a second or two, answer at once.

    The bank does as it is told, whatever an amount means to it otherwise.
    """
    hurry = {"SAOMA_BANK_ANSWER_S": 0, "SAOMA_KYC_DECISION_S": 0, "SAOMA_BANK_BEHAVIOUR": "NORMAL"}
    usual = {name: getattr(settings, name) for name in hurry}
    for name, value in hurry.items():
        setattr(settings, name, value)
    try:
        yield
    finally:
        for name, value in usual.items():
            setattr(settings, name, value)


def plant_person(person: Person) -> uuid.UUID:
    """Register somebody, verified and with money; gives the wallet user's id."""
    seeded_people.add(
        SeededPerson(
            person.key, person.name, person.phone, person.id_number, person.password, person.pin
        )
    )
    try:
        return wallet.user_by_phone(person.phone).id
    except wallet.UserUnknown:
        user = wallet.register_user(
            phone=person.phone,
            name=person.name,
            password=person.password,
            pin=person.pin,
            phone_proven=True,
        )
    application = wallet.apply_for_kyc(
        user_id=user.id, tier=person.tier, legal_name=person.name, id_number=person.id_number
    )
    let_partners_answer(lambda: _is_decided(application))
    if wallet.user(user.id).kyc_tier != person.tier:
        raise IdentityRejected(field="id_number")
    top_up(user.id, person.balance_minor, key="welcome")
    return user.id


def _is_decided(application: Any) -> bool:
    application.refresh_from_db()
    return application.decided_at is not None


def plant_shop(shop: Shop, owner_id: uuid.UUID) -> Merchant:
    """Onboard a shop with a store, a till, an app, a key and money to send."""
    merchant = merchants_of(owner_id).filter(short_name=shop.short_name).first()
    if merchant is None:
        merchant, app, pem = onboard_sandbox_merchant(
            name=shop.name,
            short_name=shop.short_name,
            mcc=shop.mcc,
            city=shop.city,
            owner_id=owner_id,
            fee_bps=shop.fee_bps,
            notify_url=shop.notify_url,
        )
        demo_keys.store(
            shop.key, merchant_number=merchant.merchant_number, app_number=app.app_number, pem=pem
        )
        if shop.public_key:
            rotate_key(
                app_number=app.app_number,
                public_key=shop.public_key,
                sign_types=(SignType.RSA2, SignType.RSA),
            )
    else:
        app = apps_of(merchant.id)[0]
        if not shop.public_key:
            demo_keys.keep_app_key(shop.key, merchant)
        set_notify_url(app_number=app.app_number, notify_url=shop.notify_url)
    _fund(merchant, shop.balance_minor)
    for fault in shop.faults:
        switch_on_fault(
            app_number=app.app_number,
            kind=fault.kind,
            actor="lab:seed",
            times=fault.times,
            percent=fault.percent,
            delay_ms=fault.delay_ms,
            seed=fault.seed,
        )
    return merchant


def top_up(user_id: uuid.UUID, amount_minor: int, *, key: str) -> None:
    """Credit a wallet through the simulated bank, in parts that the bank takes."""
    account = wallet.user(user_id).available_account_id
    before_minor = wallet.balance(account).posted_minor
    rest_minor, part = amount_minor, 0
    while rest_minor > 0:
        step_minor = min(rest_minor, ONE_TOPUP_MINOR)
        wallet.request_topup(
            user_id=user_id, key=f"{key}-{part}" if part else key, amount_minor=step_minor
        )
        rest_minor, part = rest_minor - step_minor, part + 1
    let_partners_answer(lambda: wallet.balance(account).posted_minor >= before_minor + amount_minor)


def let_partners_answer(is_done: Callable[[], bool]) -> None:
    """Run due work until the simulated partners have answered."""
    # Counted in rounds: on a busy machine one may take seconds.
    for _ in range(ROUNDS):
        if is_done():
            return
        relay.drain()
        if not timetable.run_due(clock.now()):
            time.sleep(0.05)
    invariant(is_done(), "the simulated partners answer")


def _owner(shop: Shop) -> uuid.UUID:
    if shop.owner:
        return seeded_people.person(shop.owner).id
    owner = demo_accounts.OWNER
    return plant_person(Person(OWNER, owner.name, owner.phone, owner.id_number))


def _fund(merchant: Merchant, amount_minor: int) -> None:
    """Give a shop money to send, through its owner's wallet and the simulated bank."""
    if not amount_minor or funds.topups_of(merchant.id).filter(request_key="welcome").exists():
        return
    top_up(merchant.owner_id, amount_minor, key=f"balance-{merchant.merchant_number}")
    pin = next(
        (
            person.pin
            for person in seeded_people.people().values()
            if person.id == merchant.owner_id
        ),
        demo_accounts.PIN,
    )
    top_up_balance(merchant_id=merchant.id, key="welcome", amount_minor=amount_minor, pin=pin)


def _plant_health(seed: SeedFile) -> None:
    """Give everybody with a colour the health code, and the evidence for that colour."""
    coloured = [person for person in seed.people if person.colour]
    demo = health.seed_demo_health(
        [
            health.Citizen(seeded_people.person(person.key).id, person.name, person.id_number)
            for person in coloured
        ],
        venue_name=demo_accounts.VENUE,
    )
    demo_keys.keep_gate(demo.credential)
    for person in coloured:
        colour_person(seeded_people.person(person.key), health.Colour(person.colour))


def gate_of_world() -> uuid.UUID:
    """The gate at the demo's venue.

    Raises:
        IndexError: nobody with a colour was seeded.
    """
    return health.gates_at(demo_accounts.VENUE)[0]


def colour_person(person: SeededPerson, colour: health.Colour) -> None:
    """Bring about the evidence on which a colour rests: a trip for yellow, a result for red."""
    if health.colour_of(person.id) is colour:
        return
    if colour is health.Colour.YELLOW:
        health.report_risk_trip(person.id)
    if colour is health.Colour.RED:
        laboratory.report(id_number=person.id_number, result="positive")
    relay.drain()
