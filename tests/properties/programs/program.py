"""A program: its world, the chance that drives it, and what has come of it so far."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from config.kernel.errors import SaomaError
from merchants.onboarding.models import Merchant
from merchants.transit.models import Ride
from tests.properties.programs import model as names
from tests.properties.programs.books import Violation
from tests.properties.programs.model import Freeze, Packet, Trade
from tests.properties.programs.world import World
from wallet.accounts.models import Topup, Withdrawal
from wallet.agreements.values import AgreementView
from wallet.authorisations.models import Authorisation
from wallet.funding.models import FundingDay, LoanEntry
from wallet.payments.values import PaymentView
from wallet.sharing.models import RedPacket

OK = "OK"
SHORT = "insufficient_funds"
MOST_MINOR = 60_00
YIELD_OF_A_DAY = (2, 36_500)
Row = tuple[Trade, PaymentView, Merchant]


@dataclass
class Program:
    """A world and the chance that drives it."""

    chance: random.Random
    world: World = field(default_factory=World)
    act: str = ""
    trades: list[Row] = field(default_factory=list)
    again: list[Callable[[], Any]] = field(default_factory=list)
    freezes: dict[uuid.UUID, tuple[Freeze, Any, Merchant]] = field(default_factory=dict)
    agreements: list[tuple[int, AgreementView]] = field(default_factory=list)
    cars: dict[int, Any] = field(default_factory=dict)
    packets: dict[uuid.UUID, tuple[int, Packet]] = field(default_factory=dict)
    bills: list[tuple[uuid.UUID, int, int, int]] = field(default_factory=list)
    instructions: dict[uuid.UUID, tuple[int, int]] = field(default_factory=dict)
    abroad: dict[str, list[int]] = field(default_factory=dict)
    settled_days: int = 0
    lowered: dict[int, int] = field(default_factory=dict)
    rides: set[uuid.UUID] = field(default_factory=set)
    late_fees: set[uuid.UUID] = field(default_factory=set)

    @property
    def model(self) -> names.Model:
        """The world's model."""
        return self.world.model

    def learn(self) -> None:
        """What has happened by itself: read from the records' states, never from the books."""
        self._learn_bank()
        self._learn_packets()
        self._learn_funding()
        self._learn_rides()
        ended = Authorisation.objects.filter(id__in=self.freezes, status__in=["FINISHED", "CLOSED"])
        for authorisation_id in ended.values_list("id", flat=True):
            freeze = self.freezes.pop(authorisation_id)[0]
            self.model.pots[names.held(freeze.person)] -= freeze.left_minor

    def amount(self, most_minor: int = MOST_MINOR) -> int:
        return self.chance.randint(1, most_minor)

    def person(self) -> int:
        return self.chance.randrange(len(self.world.people))

    def expect(self, fits: bool | None, act: Callable[[], Any]) -> Any:
        """Do what money must be there for; it is refused as short if and only if it is not.

        Raises:
            Violation: it was done, or refused as short, against what the model says.
        """
        try:
            answer = act()
        except SaomaError as refusal:
            if refusal.code == SHORT and fits:
                raise Violation("refused as short, and the money is there") from refusal
            raise
        if fits is False:
            raise Violation("carried out, and the money is not there")
        return answer

    def fits(self, person: int, amount_minor: int) -> bool | None:
        """Whether the model lets a person spend so much; None where something is owed."""
        if self.world.owes(person):
            return None
        return amount_minor <= self.model.available(person)

    def _learn_bank(self) -> None:
        for model, state in ((Topup, "SUCCEEDED"), (Withdrawal, "RETURNED")):
            rows = model.objects.filter(id__in=self.instructions, state=state)
            for row_id in rows.values_list("id", flat=True):
                person, amount_minor = self.instructions.pop(row_id)
                self.model.move(names.BANK, names.wallet(person), amount_minor)

    def _learn_packets(self) -> None:
        over = RedPacket.objects.filter(id__in=self.packets, state="EXPIRED")
        for packet_id in over.values_list("id", flat=True):
            number, packet = self.packets[packet_id]
            if not packet.over:
                packet.over = True
                left_minor = self.model.pots[names.packet(number)]
                self.model.move(names.packet(number), names.wallet(packet.sender), left_minor)

    def _learn_funding(self) -> None:
        model = self.model
        days = FundingDay.objects.filter(settled_at__isnull=False).count()
        for _ in range(days - self.settled_days):
            for saver in range(len(self.world.savers)):
                rate, year = YIELD_OF_A_DAY
                part_minor = model.pots[names.saved(saver)] * rate // year
                model.pots[names.saved(saver)] += part_minor
                model.move(names.BANK, names.worth(saver), part_minor)
        self.settled_days = days
        rows = LoanEntry.objects.filter(event="FEE").values_list("id", "line_id")
        ids = [saver.id for saver in self.world.savers]
        for entry_id, user_id in rows:
            if entry_id not in self.late_fees:
                self.late_fees.add(entry_id)
                model.move(names.worth(ids.index(user_id)), names.BANK, 5_00)

    def _learn_rides(self) -> None:
        for ride in Ride.objects.filter(payment_id__isnull=False).exclude(id__in=self.rides):
            self.rides.add(ride.id)
            self.model.move(
                names.wallet(0), names.SHOPS, 4_00 if ride.entry and ride.exit else 9_00
            )
