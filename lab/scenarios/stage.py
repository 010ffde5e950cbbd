"""The stage of a running scenario: its cast, its shops' clients, the names of its accounts."""

import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings

from config.kernel import clock
from config.kernel.usecases.advance_clock import advance_clock
from lab import demo_keys, seeded_people
from lab.account_names import account_role, names_of_owners
from lab.in_process import InProcess
from lab.mock_merchant.client import Client
from lab.mock_merchant.receiver import Receiver
from lab.mock_merchant.settings import Settings
from lab.scenarios.values import Scenario
from lab.seeded_people import SeededPerson
from lab.usecases.plant_seed import plant_seed
from merchants.exchange.values import LAB_RATES_MICRO
from merchants.onboarding.models import Merchant
from merchants.onboarding.queries import gateway_signer
from merchants.onboarding.rules import public_key_text
from merchants.onboarding.usecases.open_balance import balance_id
from merchants.payouts.models import Payout
from wallet import public as wallet
from wallet.money import format_amount

_AT = re.compile(r"D(\d{1,3}) (\d{2}):(\d{2})(?::(\d{2}))?")
_ROLES = ("pending", "payable", "reserve", "receivable")
_SHORT = {
    "asset:custodian_bank": "custodian",
    "asset:due_from_lender": "due_from_lender",
    "asset:mmf": "mmf",
    "lender:due": "lender",
    "revenue:mdr": "mdr",
    "suspense:unmatched": "suspense",
    "memo:exposure_contra": "memo_contra",
}
JOURNALS = 100


@dataclass
class Stage:
    """A scenario's world while it runs."""

    scenario: Scenario
    receiver: Receiver
    began_at: datetime
    kept: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    counted: int = 0

    @classmethod
    def set_up(cls, scenario: Scenario) -> Self:
        """Seed the scenario's world in this process's database; its shops answer on loopback."""
        plant_seed(scenario.world)
        pem = public_key_text(gateway_signer().public_base64).pem
        return cls(scenario, Receiver(pem), clock.now())

    def person(self, key: str) -> SeededPerson:
        """Somebody seeded."""
        return seeded_people.person(key)

    def merchant(self, key: str) -> Merchant:
        """A seeded shop."""
        return Merchant.objects.get(merchant_number=demo_keys.load(key).merchant_number)

    def owner(self, shop: str) -> str:
        """Whose shop it is, by the name in the file."""
        owner_id = self.merchant(shop).owner_id
        return next(key for key, one in seeded_people.people().items() if one.id == owner_id)

    def client(self, shop: str) -> Client:
        """A shop's client of the gateway; notifications come to this stage's receiver."""
        key = demo_keys.load(shop)
        return Client(
            Settings(
                gateway_url=f"{settings.PUBLIC_URL}/gateway.do",
                app_id=key.app_number,
                app_private_key=key.private_key,
                gateway_public_key=demo_keys.gateway_public_key(),
                notify_url=self.receiver.url,
            ),
            InProcess(),
        )

    def number(self, shop: str, order: str) -> str:
        """The order number of a name in the file: the shop's, so that shops do not meet."""
        return f"{shop}_{order}".upper()

    def next_number(self) -> int:
        """1, 2, 3 and so on: for keys that nobody speaks of."""
        self.counted += 1
        return self.counted

    def moment(self, at: str) -> datetime:
        """The moment of `D0 07:30`: day of the scenario and time in Shanghai."""
        match = _AT.fullmatch(at)
        if match is None:
            raise ValueError(f"{at!r} is no moment such as D0 07:30")
        zone = ZoneInfo(settings.TIME_ZONE)
        midnight = self.began_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        day, hour, minute, second = (int(part or 0) for part in match.groups())
        return midnight + timedelta(days=day, hours=hour, minutes=minute, seconds=second)

    def move_to(self, at: str) -> None:
        """Let time pass until a moment, and what falls due on the way happen."""
        if at:
            advance_clock(by=max(self.moment(at) - clock.now(), timedelta()))

    def let_work_run(self) -> None:
        """Do what the workers would do now."""
        advance_clock(by=timedelta())

    def journal_ids(self) -> set[uuid.UUID]:
        """The newest journals: of one moment none is the newest, so it takes all of them."""
        return {row.id for row in wallet.latest_journals(JOURNALS)}

    def journals_since(self, before: set[uuid.UUID]) -> tuple[str, ...]:
        """The journals that were not there before, as `Dr a 1.00 / Cr b 1.00`."""
        fresh = [row for row in wallet.latest_journals(JOURNALS) if row.id not in before]
        return tuple(self._written(row) for row in reversed(fresh))

    def balance(self, name: str) -> str:
        """What an account of this name holds, on its normal side, as decimal text."""
        account_id = self._account(name)
        if account_id is None:
            return "0.00"
        return format_amount(wallet.balance(account_id).posted_minor, "CNY")

    def standing_of(self, name: str) -> dict[str, str]:
        """An account of this name as a page shows it: whose, what for, and what it holds."""
        account_id = self._account(name)
        if account_id is None:
            shop, _, role = name.partition(".")
            return {"owner": self.merchant(shop).name, "role": role, "amount": "0.00"}
        account = wallet.account(account_id)
        owner = account.owner_id
        return {
            "owner": names_of_owners([owner]).get(owner, "") if owner else "",
            "role": account_role(account.code),
            "amount": self.balance(name),
        }

    def _account(self, name: str) -> uuid.UUID | None:
        system = {short: code for code, short in _SHORT.items()}
        if name in system or ":" in name:
            return wallet.account_id(system.get(name, name))
        shop, _, role = name.partition(".")
        if role == "savings":
            return wallet.account_id(f"user:{self.person(shop).id}:savings")
        if role == "owner":
            return wallet.user(self.merchant(shop).owner_id).available_account_id
        if role == "balance":
            return balance_id(self.merchant(shop).id)
        if role:
            account_id: uuid.UUID | None = getattr(self.merchant(shop), f"{role}_account_id")
            return account_id
        return self.person(name).user.available_account_id

    def _written(self, journal: Any) -> str:
        sides: dict[str, list[str]] = {"DEBIT": [], "CREDIT": []}
        for entry in journal.entries.all():
            amount = format_amount(entry.amount_minor, entry.currency)
            sides[entry.side].append(f"{self._name(entry.account)} {amount}")
        debited, credited = (", ".join(sorted(sides[side])) for side in ("DEBIT", "CREDIT"))
        return f"Dr {debited} / Cr {credited}"

    def _name(self, account: Any) -> str:
        code = str(account.code)
        if code in _SHORT:
            return _SHORT[code]
        if code.startswith("fx:position:"):
            return f"fx.{account.currency}"
        if code not in self.names:
            self._learn_names()
        return self.names.get(code, code.split(":", maxsplit=1)[0])

    def _learn_names(self) -> None:
        for person in seeded_people.people().values():
            user = person.user
            self.names[wallet.account(user.available_account_id).code] = person.key
            self.names[f"user:{user.id}:savings"] = f"{person.key}.savings"
            self.names[f"asset:arrears:{user.id}"] = f"{person.key}.arrears"
        for shop in demo_keys.all_keys():
            merchant = self.merchant(shop)
            self.names[f"merchant:{merchant.id}:balance"] = f"{shop}.balance"
            for currency in LAB_RATES_MICRO:
                self.names[f"merchant:{merchant.id}:pending:{currency}"] = f"{shop}.{currency}"
            for role in _ROLES:
                account_id = getattr(merchant, f"{role}_account_id")
                if account_id is not None:
                    self.names[wallet.account(account_id).code] = f"{shop}.{role}"

    def payouts(self) -> list[str]:
        """What went to merchants' banks so far, as decimal text, in order of amount."""
        rows = Payout.objects.filter(state="PAID").values_list("amount_minor", flat=True)
        return [format_amount(minor, "CNY") for minor in sorted(rows)]


def as_text(value: object) -> str:
    """A fact as a failed expectation shows it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
