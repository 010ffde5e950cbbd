"""What a slice declares of itself: its place in the panel, its roles, addresses and retention.

Each `apps.py` holds one `Slice` as the class attribute `slice`: plain data, no import of what
reads it. The sidebar, the operators' roles, the address table, the API document, the retention
table and the tests of these are put together of what the installed slices declare, in the
order of INSTALLED_APPS. Nothing but a slice's own `apps.py` names it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import AppConfig, apps

# Roles that look at the tables of money, of customers' services, and of the health code.
MONEY = ("auditor", "finance_approver", "finance_ops", "payments_ops", "teacher")
SERVICES = ("auditor", "payments_ops", "support", "teacher")
HEALTH = ("health_approver", "health_officer")
# Those who look on: they read what others ask for and approve, health and access left out.
READERS = ("auditor", "teacher")


class Area(StrEnum):
    """The parts of the panel's sidebar, in their order."""

    PAYMENTS = "Payments"
    WALLETS = "Wallets"
    MERCHANTS = "Merchants"
    SETTLEMENT = "Settlement"
    LEDGER = "Ledger"
    RISK = "Risk"
    HEALTH = "Health"
    NOTIFICATIONS = "Notifications"
    CONTROL = "Control"
    ACCESS = "Access"
    MORE = "More"  # what is in the panel and declared by no slice


class Books(StrEnum):
    """What is kept of people whatever the date: whose it is, and on what ground it stays."""

    IDENTITY = "IDENTITY"
    PAYMENTS = "PAYMENTS"
    SERVICES = "SERVICES"
    RISK = "RISK"
    CONSENTS = "CONSENTS"


@dataclass(frozen=True, slots=True)
class Table:
    """A table's link in the sidebar.

    `title` is English, its translations are in a catalogue; `icon` is a Material symbol;
    `model` is a model of the slice, or of another app by its label. `badge` is the dotted
    name of a function that counts what waits. The command search looks through those that
    are `searched`.
    """

    area: Area
    title: str
    icon: str
    model: str
    badge: str = ""
    searched: bool = False


@dataclass(frozen=True, slots=True)
class FourEyes:
    """The roles that ask for, approve and read the requests of actions of the approvals.

    `area.*` stands for all actions of an area but those that a declaration names.
    """

    actions: tuple[str, ...]
    asks: tuple[str, ...]
    approves: tuple[str, ...]
    reads: tuple[str, ...] = READERS


@dataclass(frozen=True, slots=True)
class Ending:
    """Rows of a table that are deleted `days` after the moment in a column.

    `where` says which of its rows; `en`, `fr` and `zh` what they are to the person they tell
    of. The job of retention deletes them, or the slice's own job where it says so.
    """

    model: str
    moment: str
    days: int
    en: str
    fr: str
    zh: str
    where: Mapping[str, object] = field(default_factory=dict)
    by_own_job: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """All that one slice declares.

    Args:
        tables: its links in the sidebar.
        viewers: the roles that look at all of its tables.
        rights: what else a role may do, by the permission's codename.
        four_eyes: who asks for and approves its actions.
        urls: the prefix under which its `urls.py` answers; None without addresses.
        tags: descriptions of its tags in the API document.
        enum_names: what that document calls its enumerations, by their place in the slice.
        books: its models with people in them that time alone does not delete.
        endings: those rows with people in them that are deleted by date.
    """

    tables: tuple[Table, ...] = ()
    viewers: tuple[str, ...] = ()
    rights: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    four_eyes: tuple[FourEyes, ...] = ()
    urls: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    enum_names: Mapping[str, str] = field(default_factory=dict)
    books: Mapping[Books, tuple[str, ...]] = field(default_factory=dict)
    endings: tuple[Ending, ...] = ()


def declared() -> Iterator[tuple[AppConfig, Slice]]:
    """Each installed slice with its declaration, in the order of INSTALLED_APPS."""
    for config in apps.get_app_configs():
        declaration = getattr(config, "slice", None)
        if isinstance(declaration, Slice):
            yield config, declaration


def label_of(config: AppConfig, model: str) -> str:
    """A declared model's label: its slice's own, where it names no app."""
    return model if "." in model else f"{config.label}.{model}"


class EnumNames(Mapping[str, Any]):
    """The declared names of enumerations, as a setting that is read after all apps are there."""

    def __getitem__(self, name: str) -> str:
        return self._by_name()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name())

    def __len__(self) -> int:
        return len(self._by_name())

    def _by_name(self) -> dict[str, str]:
        return {
            name: f"{config.name}.{place}"
            for config, declaration in declared()
            for name, place in declaration.enum_names.items()
        }
