"""Seed the demo: safe to call again, it adds only what is missing."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import Group, User

from config.admin.roles import ROLES, check_separate, create_roles
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from healthcode.public import Citizen as HealthCitizen
from healthcode.public import seed_demo_health
from lab import demo_accounts, demo_keys, seed_file, seeded_people
from lab.demo_accounts import Citizen, Shop
from lab.seed_file import OWNER, Person
from lab.usecases.plant_seed import partners_in_a_hurry, plant_person, plant_shop
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key

TIER = 2
BALANCE_MINOR = 100_000_00
FEE_BPS = 60


def seed_world() -> None:
    """Create citizens with money, merchants with keys, the venue and the operators."""
    with partners_in_a_hurry():
        ensure_gateway_key()
        holders = {
            citizen: _citizen(citizen, key)
            for key, citizen in zip(seeded_people.DEMO_KEYS, demo_accounts.CITIZENS, strict=False)
        }
        owner_id = _citizen(demo_accounts.OWNER, OWNER)
        for shop in demo_accounts.SHOPS:
            _shop(shop, owner_id)
    ensure_operators()
    health = seed_demo_health(
        [
            HealthCitizen(holder_id, citizen.name, citizen.id_number)
            for citizen, holder_id in holders.items()
        ],
        venue_name=demo_accounts.VENUE,
    )
    demo_keys.keep_gate(health.credential)
    demo_keys.keep_gateway_key()


def welcome(address: str) -> list[str]:
    """What to tell whoever started the demo."""
    operators = ", ".join(demo_accounts.OPERATORS)
    phones = ", ".join(f"{citizen.name} {citizen.phone}" for citizen in demo_accounts.CITIZENS)
    return [
        "",
        f"  Saoma is running at {address}/  (Ctrl-C stops it)",
        "",
        f"  theatre   {address}/         phone, till, journal and notifications side by side",
        f"  phone     {address}/phone/   {phones}",
        f"            password {demo_accounts.PASSWORD}, payment PIN {demo_accounts.PIN}",
        f"  till      {address}/till/    " + ", ".join(shop.name for shop in demo_accounts.SHOPS),
        f"  console   {address}/console/ for developers: a shop of your own, logs, faults, guides",
        f"  health    {address}/health/  the code;  {address}/guard/ the scanner",
        (
            f"  operators {address}/admin/   password {demo_accounts.OPERATOR_PASSWORD}; "
            "a login for each job:"
        ),
        f"            {operators}",
        f"  API       {address}/api/docs/",
        f"  gateway   {address}/gateway.do   (settings for an SDK: manage.py sandbox)",
        "",
    ]


def _citizen(citizen: Citizen, key: str) -> uuid.UUID:
    return plant_person(
        Person(
            key=key,
            name=citizen.name,
            phone=citizen.phone,
            id_number=citizen.id_number,
            balance_minor=citizen.topup_minor,
            colour="",
            tier=TIER,
        )
    )


def _shop(shop: Shop, owner_id: uuid.UUID) -> None:
    plant_shop(
        seed_file.Shop(
            key=shop.slug,
            name=shop.name,
            short_name=shop.short_name,
            mcc=shop.mcc,
            city=shop.city,
            owner=OWNER,
            balance_minor=BALANCE_MINOR,
            fee_bps=FEE_BPS,
            notify_url=f"{settings.PUBLIC_URL}/lab/notify/{shop.slug}",
            public_key="",
        ),
        owner_id,
    )


def ensure_operators() -> None:
    """Two who ask and approve, and one account for each role alone; nobody holds every right."""
    create_roles()
    with guard.under(Authority("system:lab", "the demo's operators")):
        for name, roles in demo_accounts.OPERATOR_ROLES.items():
            _operator(name, roles)
        for role in ROLES:
            _operator(role, (role,))


def _operator(name: str, roles: Sequence[str]) -> None:
    check_separate(roles)
    operator, new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    if new:
        operator.set_password(demo_accounts.OPERATOR_PASSWORD)
    # A demo of an earlier version made its two operators superusers.
    operator.is_superuser = False
    operator.save(update_fields=["password", "is_superuser"])
    operator.groups.set(Group.objects.filter(name__in=roles))
