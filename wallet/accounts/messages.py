"""The simulated sender of text messages: the lab shows what it would have sent."""

from wallet.accounts.models import SmsMessage


class SimulatedSender:
    """Sends nothing; the message's row is what a phone would show."""

    def send(self, message: SmsMessage) -> None:
        """Nothing leaves the machine."""
