"""Bring the cast on stage: safe to call again, it adds only what is missing."""

import time
import uuid
from collections.abc import Callable, Sequence

from django.conf import settings
from django.contrib.auth.models import Group, User

from config.admin.roles import ROLES, check_separate, create_roles
from config.kernel import clock, timetable
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from config.kernel.errors import invariant
from config.kernel.outbox import relay
from healthcode.public import Citizen as HealthCitizen
from healthcode.public import seed_demo_health
from lab import demo_accounts, demo_keys
from lab.demo_accounts import Citizen, Shop
from merchants.funds import queries as funds
from merchants.funds.usecases.top_up_balance import top_up_balance
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import merchants_of
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.usecases.onboard_sandbox import onboard_sandbox_merchant
from merchants.onboarding.usecases.set_notify_url import set_notify_url
from wallet import public as wallet

PATIENCE_S = 20.0
TIER = 2
BALANCE_MINOR = 100_000_00
ONE_TOPUP_MINOR = 50_000_00


def seed_world() -> None:
    """Create citizens with money, merchants with keys, the venue and the operators."""
    # The simulated bank and identity check take a second or two; for the seed they hurry.
    settings.SAOMA_BANK_ANSWER_S = settings.SAOMA_KYC_DECISION_S = 0
    ensure_gateway_key()
    holders = {citizen: _citizen(citizen) for citizen in demo_accounts.CITIZENS}
    owner_id = _citizen(demo_accounts.OWNER)
    for shop in demo_accounts.SHOPS:
        _shop(shop, owner_id)
    _operators()
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


def _citizen(citizen: Citizen) -> uuid.UUID:
    try:
        return wallet.user_by_phone(citizen.phone).id
    except wallet.UserUnknown:
        user = wallet.register_user(
            phone=citizen.phone,
            name=citizen.name,
            password=demo_accounts.PASSWORD,
            pin=demo_accounts.PIN,
            phone_proven=True,
        )
    wallet.apply_for_kyc(
        user_id=user.id, tier=TIER, legal_name=citizen.name, id_number=citizen.id_number
    )
    _let_partners_answer(lambda: wallet.user(user.id).kyc_tier == TIER)
    if citizen.topup_minor:
        wallet.request_topup(user_id=user.id, key="welcome", amount_minor=citizen.topup_minor)
    account = user.available_account_id
    _let_partners_answer(lambda: wallet.balance(account).posted_minor >= citizen.topup_minor)
    return user.id


def _let_partners_answer(done: Callable[[], bool]) -> None:
    """Run due work until the simulated partners have answered."""
    give_up_at = time.monotonic() + PATIENCE_S
    while not done():
        invariant(time.monotonic() < give_up_at, "the simulated partners answer")
        relay.drain()
        if not timetable.run_due(clock.now()):
            time.sleep(0.05)


def _shop(shop: Shop, owner_id: uuid.UUID) -> None:
    known = merchants_of(owner_id).filter(short_name=shop.short_name).first()
    notify_url = f"{settings.PUBLIC_URL}/lab/notify/{shop.slug}"
    if known is not None:
        app_id = demo_keys.keep_app_key(shop.slug, known).app_id
        set_notify_url(app_id=app_id, notify_url=notify_url)
        _balance(known)
        return
    merchant, app, private_key = onboard_sandbox_merchant(
        name=shop.name,
        short_name=shop.short_name,
        mcc=shop.mcc,
        city=shop.city,
        owner_id=owner_id,
        notify_url=notify_url,
    )
    demo_keys.store(shop.slug, merchant_id=merchant.merchant_id, app_id=app.app_id, pem=private_key)
    _balance(merchant)


def _balance(merchant: Merchant) -> None:
    """Give a shop money to send, through its owner's wallet and the simulated bank."""
    if funds.topups_of(merchant.id).filter(request_key="welcome").exists():
        return
    for part in range(BALANCE_MINOR // ONE_TOPUP_MINOR):
        wallet.request_topup(
            user_id=merchant.owner_id,
            key=f"balance-{merchant.merchant_id}-{part}",
            amount_minor=ONE_TOPUP_MINOR,
        )
    account = wallet.user(merchant.owner_id).available_account_id
    _let_partners_answer(lambda: wallet.balance(account).available_minor >= BALANCE_MINOR)
    top_up_balance(
        merchant_uuid=merchant.id, key="welcome", amount_minor=BALANCE_MINOR, pin=demo_accounts.PIN
    )


def _operators() -> None:
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
