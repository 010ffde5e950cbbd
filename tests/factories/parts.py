"""Parts of the world outside that tests put behind the ports; each keeps what it was told."""

from datetime import date, datetime
from typing import Any

from config.kernel.alarms.models import Alarm
from merchants.funds.models import MerchantTransfer
from merchants.payouts.models import Payout
from wallet.accounts.models import BankInstruction, KycApplication, SmsMessage
from wallet.accounts.ports import RegistryAnswer

told: list[Any] = []


class HouseBank:
    """A bank that takes every instruction and answers by its own message."""

    def accept(self, instruction: BankInstruction, *, at: datetime) -> int:
        told.append(instruction.id)
        return 0

    def ask(self, instruction: BankInstruction, *, at: datetime) -> None:
        return None


class HousePayoutBank:
    """A bank of payouts that takes every one and answers by messages of its own."""

    def accept(self, payout: Payout, *, at: datetime) -> str:
        told.append(payout.id)
        return f"HOUSE-{payout.id.hex[:12]}"


class HouseCardBank:
    """A bank of cards that takes every transfer and answers by messages of its own."""

    def accept(self, transfer: MerchantTransfer) -> None:
        told.append(transfer.id)


class SlowRegistry:
    """A registry that knows every number, from its second question on."""

    def ask(self, application: KycApplication, *, id_number: str) -> None:
        told.append(id_number)

    def answer(self, application: KycApplication, *, on: date) -> RegistryAnswer | None:
        told.append(on)
        return RegistryAnswer("number_unknown") if len(told) > 2 else None


class Telephone:
    """Sends messages and calls people; its line is dead while `told` holds "dead"."""

    def send(self, message: SmsMessage) -> None:
        self._speak((message.phone, message.text))

    def call(self, alarm: Alarm) -> None:
        self._speak(alarm.kind)

    def _speak(self, words: Any) -> None:
        if "dead" in told:
            raise ConnectionError("no line")
        told.append(words)
