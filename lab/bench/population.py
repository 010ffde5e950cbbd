"""Who takes part in the benchmark: payers with money and devices, merchants with apps.

Made by the ordinary use cases and kept in the benchmark's database, so that a second run
starts at once. Hashing is cheap here; nobody logs in.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from config.kernel import clock
from merchants.onboarding.queries import apps_of, merchants_of
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.usecases.onboard_sandbox import onboard_sandbox_merchant
from merchants.onboarding.usecases.rotate_key import rotate_key
from wallet import public as wallet
from wallet.qr import paycode

PASSWORD = "nobody logs in here"  # noqa: S105
PIN = "271828"
FUNDS_MINOR = 1_000_000
TIER = 3
OWNER_PHONE = "+8617000000000"


@dataclass(frozen=True, slots=True)
class Payer:
    """A wallet user and the device that shows codes."""

    user_id: uuid.UUID
    device_id: uuid.UUID
    device_key: bytes


def payers(count: int) -> list[Payer]:
    """So many payers, each with money and one device."""
    settings.SAOMA_ARGON2_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    users = [_user(f"+8617{number:09d}") for number in range(1, count + 1)]
    wallet.WalletUser.objects.filter(id__in=[user.id for user in users]).update(kyc_tier=TIER)
    _fund([user.available_account_id for user in users])
    return [_payer(user) for user in users]


def codes(people: Sequence[Payer], each: int) -> list[str]:
    """Fresh payment codes, good for the next half minute, payers taking turns."""
    aliases = [
        (person, wallet.issue_aliases(device_id=person.device_id)[:each]) for person in people
    ]
    step = paycode.step_at(clock.now().timestamp())
    return [
        paycode.compose_offline(
            prefix=settings.SAOMA_PAYCODE_PREFIX,
            alias=grants[turn].alias,
            otp=paycode.one_time_password(person.device_key, grants[turn].alias, step),
        )
        for turn in range(each)
        for person, grants in aliases
    ]


def app_numbers(count: int, public_key: str) -> list[str]:
    """Apps of so many merchants, all signing with one key."""
    ensure_gateway_key()
    owner = _user(OWNER_PHONE)
    for number in range(merchants_of(owner.id).count(), count):
        onboard_sandbox_merchant(
            name=f"Bench {number}",
            short_name=f"BENCH {number}",
            mcc="5812",
            city="HANGZHOU",
            owner_id=owner.id,
        )
    apps = [apps_of(merchant.id)[0] for merchant in merchants_of(owner.id)[:count]]
    for app in apps:
        rotate_key(app_number=app.app_number, public_key=public_key)
    return [app.app_number for app in apps]


def _user(phone: str) -> wallet.WalletUser:
    try:
        return wallet.user_by_phone(phone)
    except wallet.UserUnknown:
        return wallet.register_user(phone=phone, name="Bench", password=PASSWORD, pin=PIN)


def _fund(accounts: Sequence[uuid.UUID]) -> None:
    now = clock.now()
    bank = wallet.account_id("asset:custodian_bank")
    round_id = uuid.uuid4().hex
    drafts = [
        wallet.Draft(
            key=f"bench:{round_id}:{account}",
            kind="topup",
            lines=(
                wallet.debit(bank, FUNDS_MINOR, "CNY"),
                wallet.credit(account, FUNDS_MINOR, "CNY"),
            ),
            posted_at=now,
            business_date=now.date(),
        )
        for account in accounts
        if wallet.balance(account).available_minor < FUNDS_MINOR // 2
    ]
    for start in range(0, len(drafts), 100):
        wallet.post_journals(drafts[start : start + 100])


def _payer(user: wallet.WalletUser) -> Payer:
    device, key, _ = wallet.register_device(user_id=user.id, label="bench", key="bench")
    return Payer(user.id, device.id, key)
