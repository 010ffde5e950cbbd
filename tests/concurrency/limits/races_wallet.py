"""Races against the limits of people who pay."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from pytest_django.fixtures import Settings

from config.kernel import clock
from config.kernel.errors import SaomaError
from tests.concurrency.limits.race import Race, against, passed
from tests.factories.accounts import PIN, id_number, make_user
from tests.factories.agreements import debit, make_agreement
from tests.factories.authorisations import exposure_minor, freeze, make_trusted
from tests.factories.payments import Shop, fresh_code, make_order, make_phone, pay
from wallet.accounts.models import Device, WalletUser
from wallet.accounts.usecases.apply_for_kyc import apply_for_kyc
from wallet.accounts.usecases.decide_kyc import decide_due_applications
from wallet.agreements.values import Terms
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import PayResult, PresentedKind

CALLERS = 8


def paid(amount_minor: int) -> Any:
    """Count payments that took money; those that wait for a PIN took none."""

    def total(results: Sequence[Any]) -> int:
        done = [one for one in results if not isinstance(one, SaomaError)]
        return amount_minor * sum(one.outcome is PayResult.PAID for one in done)

    return total


def wallets_of_one_person(count: int, **facts: Any) -> list[WalletUser]:
    """Several wallets that one identity number is verified for."""
    users = [make_user(**{"kyc_tier": 1, **facts}) for _ in range(count)]
    number = id_number("19800101")
    for user in users:
        user.person.identity_digest, user.person.verified_at = None, None
        user.person.save()
        user.refresh_from_db()
        application = apply_for_kyc(
            user_id=user.id, tier=user.kyc_tier + 1, legal_name=user.name, id_number=number
        )
        decide_due_applications(now=application.due_at)
        user.refresh_from_db()
    return users


def transfers(users: Sequence[WalletUser], amount_minor: int) -> list[Any]:
    """One transfer from each of the wallets, in turn, until all callers have one."""
    payee = make_user(kyc_tier=0)
    return [
        partial(
            transfer_money,
            key=f"T{n}",
            payer_id=users[n % len(users)].id,
            payee_phone=payee.phone,
            amount_minor=amount_minor,
            pin=PIN,
        )
        for n in range(CALLERS)
    ]


@against("accounts.tier_life")
def tier_life(settings: Settings) -> Race:
    user = make_user(kyc_tier=1, balance_minor=2_400_00)
    return Race(transfers([user], 300_00), passed(300_00), 900_00)


@against("accounts.tier_year")
def tier_year(settings: Settings) -> Race:
    users = wallets_of_one_person(2, balance_minor=120_000_00)
    return Race(transfers(users, 30_000_00), passed(30_000_00), 90_000_00)


@against("payments.pin_day")
def pin_day(settings: Settings) -> Race:
    settings.SAOMA_DAILY_PIN_MINOR = 5_000_00
    user, shop = make_user(balance_minor=28_000_00), Shop()
    orders = [make_order(shop, amount_minor=3_500_00) for _ in range(CALLERS)]
    acts = [partial(confirm_payment, payment_id=o.id, payer_id=user.id, pin=PIN) for o in orders]
    return Race(acts, passed(3_500_00), 3_500_00)


@against("payments.no_pin_day")
def no_pin_day(settings: Settings) -> Race:
    settings.SAOMA_DAILY_NO_PIN_MINOR = 1_000_00
    user = make_user(balance_minor=5_600_00)
    acts = [partial(pay, Shop(), fresh_code(user), amount_minor=300_00) for _ in range(CALLERS)]
    return Race(acts, paid(300_00), 900_00)


@against("payments.offline_day")
def offline_day(settings: Settings) -> Race:
    settings.SAOMA_OFFLINE_DAILY_MINOR = 1_000_00
    phone = make_phone(balance_minor=3_000_00)
    seen_at = clock.now() - timedelta(minutes=6)
    Device.objects.filter(id=phone.device.id).update(last_seen_at=seen_at, created_at=seen_at)
    acts = [partial(pay, Shop(), phone.code(), amount_minor=299_00) for _ in range(CALLERS)]
    return Race(acts, paid(299_00), 897_00)


@against("payments.static_day")
def static_day(settings: Settings) -> Race:
    settings.SAOMA_STATIC_DAILY_MINOR = 500_00
    user, shop = make_user(balance_minor=3_200_00), Shop()
    orders = [
        make_order(shop, amount_minor=200_00, presented=PresentedKind.STATIC)
        for _ in range(CALLERS)
    ]
    acts = [partial(confirm_payment, payment_id=o.id, payer_id=user.id) for o in orders]
    return Race(acts, passed(200_00), 400_00)


@against("payments.bad_codes")
def bad_codes(settings: Settings) -> Race:
    shop = Shop()

    def judged(results: Sequence[Any]) -> int:
        return [one.code for one in results].count("code_invalid")

    return Race([partial(pay, shop, "28" + "7" * 18)] * 14, judged, 10)


@against("agreements.total")
def agreement_total(settings: Settings) -> Race:
    agreement = make_agreement(Shop(), terms=Terms(total_minor=20_00))
    return Race(_debits(agreement), passed(6_00), 18_00)


@against("agreements.payments")
def agreement_payments(settings: Settings) -> Race:
    return Race(_debits(make_agreement(Shop(), terms=Terms(total_payments=3))), passed(1), 3)


@against("authorisations.waiver")
def waiver(settings: Settings) -> Race:
    settings.SAOMA_WAIVER_LIMIT_MINOR = 2_000_00
    user = make_trusted(balance_minor=3_000_00)
    acts = [partial(freeze, Shop(), user, 600_00) for _ in range(CALLERS)]
    return Race(acts, lambda results: exposure_minor(user), 2_000_00)


def _debits(agreement: Any) -> list[Any]:
    return [partial(debit, agreement, 6_00) for _ in range(CALLERS)]
