"""Take in what a speaker heard: within the caps it is debited, above them the phone decides."""

from config.kernel import clock, transactions
from config.kernel.errors import SaomaError
from config.kernel.limits.rules import of_day
from merchants.acceptance.rules import check_amount
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.usecases.debit_payer import debit_payer, sale_under
from merchants.acceptance.values import Sale
from merchants.speakers import queries, rules
from merchants.speakers.models import Speaker, VoiceOrder
from merchants.speakers.values import Spoken, Way
from wallet import public as wallet
from wallet.money import parse_amount


def speak_order(*, spoken: Spoken) -> VoiceOrder:
    """Keep what was spoken, once, and debit it or ask the owner's phone for five minutes.

    Nothing is asked twice: a request that was taken in is refused, whatever became of it. A
    refusal by the wallet stays on the order, and gives the day's cap back. Call it outside a
    transaction: verdicts against a payment must survive.

    Args:
        spoken: as the speaker signed it.

    Raises:
        rules.SpeakerUnbound: no owner has bound the device.
        rules.SpokenForged, rules.SpokenStale: it is not the device's word of now.
        rules.SpokenReplayed: the request was taken in before.
        rules.VoiceAboveCap: it is above the caps, and not an adult's voice.
        AmountInvalid, AmountOutOfRange: the amount is none.
        the refusals of `judge_sale`, `wallet.debit_agreement` and `wallet.create_payment`.

    Locks: the speaker; then as the wallet does.
    """
    order, agreement = _claim(spoken)
    try:
        sale = _sale(order, agreement)
        if order.way == Way.AGREEMENT:
            debit_payer(sale=sale, agreement_number=agreement.number)
        else:
            create_order(sale=sale, payer_id=order.speaker.user_id)
    except SaomaError as refusal:
        _refuse(order, refusal.code)
        raise
    return order


@transactions.atomic_retry
def _claim(spoken: Spoken) -> tuple[VoiceOrder, wallet.AgreementView]:
    """Write the order down and count it, both or neither."""
    speaker = queries.locked_speaker(spoken.speaker_id)
    rules.check_signature(spoken, public_key=speaker.public_key)
    now = clock.now()
    rules.check_fresh(spoken.spoken_at, at=now)
    earlier = speaker.orders.filter(request_no=spoken.request_no).first()
    if earlier is not None:
        raise rules.SpokenReplayed(field="request_no", state=queries.state_of(earlier).value)
    agreement = wallet.agreement(speaker.agreement_id)
    amount_minor = parse_amount(spoken.amount, agreement.currency)
    check_amount(amount_minor)
    today = clock.house_day(now)
    spent_minor = of_day(speaker.day_minor, day=speaker.day or today, today=today)
    order_way = rules.way(
        spoken.voice,
        amount_minor,
        single_minor=agreement.terms.single_minor or 0,
        daily_minor=speaker.daily_minor,
        spent_minor=spent_minor,
    )
    counted_minor = amount_minor if order_way is Way.AGREEMENT else 0
    speaker.day, speaker.day_minor = today, spent_minor + counted_minor
    speaker.save(update_fields=["day", "day_minor"])
    order = VoiceOrder(
        speaker=speaker,
        payee_id=agreement.payee_id,
        request_no=spoken.request_no,
        subject=spoken.subject,
        amount_minor=amount_minor,
        currency=agreement.currency,
        voice=spoken.voice,
        way=order_way,
        spoken_at=spoken.spoken_at,
        expires_at=now + rules.TO_CONFIRM,
    )
    order.reference = f"VOICE{order.id.hex}"
    order.save(force_insert=True)
    return order, agreement


@transactions.atomic_retry
def _refuse(order: VoiceOrder, code: str) -> None:
    """Keep why nothing came of an order, and give the day's cap back."""
    speaker = Speaker.objects.select_for_update().get(id=order.speaker_id)
    VoiceOrder.objects.filter(id=order.id).update(refusal=code)
    if order.way == Way.AGREEMENT and speaker.day == order.speaker.day:
        speaker.day_minor = max(0, speaker.day_minor - order.amount_minor)
        speaker.save(update_fields=["day_minor"])


def _sale(order: VoiceOrder, agreement: wallet.AgreementView) -> Sale:
    return sale_under(
        agreement,
        reference=order.reference,
        subject=order.subject,
        amount_minor=order.amount_minor,
        currency=order.currency,
        expires_at=order.expires_at if order.way == Way.PHONE else None,
        extras={"voice_request": order.request_no},
    )
