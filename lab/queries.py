"""What the stage shows: the books, the notifications, the clock, as plain values."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from config.http.stream import stream_token
from config.kernel import clock, timetable
from config.kernel.outbox import event_log, relay
from config.kernel.outbox.models import OutboxEvent
from lab import demo_accounts, demo_keys
from lab.account_names import account_role, names_of_owners
from lab.demo_keys import ShopUnknown
from lab.story import tags
from lab.usecases.receive_notification import webhook_response_of
from merchants.acceptance.queries import till_code_text
from merchants.notifications.models import Notification
from merchants.notifications.queries import EventNotFound
from merchants.notifications.signed_form import signed_form
from merchants.onboarding.models import Till
from merchants.onboarding.queries import gateway_signer
from merchants.protocol.formats import beijing
from merchants.workbench.models import FaultSwitch
from wallet import public as wallet
from wallet.money import format_amount

JOURNALS = 12
NOTIFICATIONS = 12
EVENTS = 200
LAST_MESSAGES = 10


def world() -> dict[str, Any]:
    """The seeded people, as the pages need them: who can log in, who can sell, what time it is."""
    return {
        "citizens": [{"name": who.name, "phone": who.phone} for who in demo_accounts.CITIZENS],
        "shops": shops(),
        "password": demo_accounts.PASSWORD,
        "pin": demo_accounts.PIN,
        "prefix": settings.SAOMA_PAYCODE_PREFIX,
        "now": clock.now(),
    }


def shops() -> list[dict[str, str]]:
    """The demo merchants that are on stage, with how their receivers behave."""
    rows = []
    for shop in demo_accounts.SHOPS:
        try:
            key = demo_keys.load(shop.slug)
        except ShopUnknown:
            continue
        rows.append(
            {
                "slug": shop.slug,
                "name": shop.name,
                "latin": shop.short_name,
                "merchant_id": key.merchant_number,
                "sticker": _sticker(key.merchant_number),
                "webhook_response": webhook_response_of(shop.slug).value,
            }
        )
    return rows


def _sticker(merchant_number: str) -> str:
    """The printed, static code at a merchant's first till; "" where there is none."""
    tills = Till.objects.filter(merchant__merchant_number=merchant_number)
    till = tills.select_related("merchant", "store").order_by("id").first()
    return "" if till is None else till_code_text(till)


def armed_faults() -> list[dict[str, Any]]:
    """The faults that wait for a demo shop's next call or notification."""
    shop_by_app = {key.app_number: slug for slug, key in demo_keys.all_keys().items()}
    switches = FaultSwitch.objects.filter(app__app_number__in=shop_by_app).exclude(left=0)
    return [
        {"shop": shop_by_app[app_number], "kind": kind, "left": left, "seed": seed}
        for app_number, kind, left, seed in switches.values_list(
            "app__app_number", "kind", "left", "seed"
        )
    ]


def clock_face() -> dict[str, Any]:
    """The world's time, how far it runs ahead of the wall clock, and what falls due next."""
    now = clock.now()
    due = timetable.earliest()
    return {
        "now": now,
        "ahead_s": int(clock.offset().total_seconds()),
        "next_due": due,
        "next_jobs": timetable.due_names(due) if due is not None and due > now else [],
    }


def stream_grant() -> dict[str, str]:
    """What opens the live stream: a token, and the last event there was."""
    rows = OutboxEvent.objects.all()
    event_log.number_rows(rows, stream=event_log.OUTBOX)
    numbered = rows.filter(position__isnull=False).order_by("-position")
    newest = numbered.values_list("id", flat=True).first()
    return {"token": stream_token(), "after": "" if newest is None else str(newest)}


def events(after: uuid.UUID | None) -> list[dict[str, object]]:
    """The events after one, oldest first: for pages whose server has no stream."""
    rows = OutboxEvent.objects.all()
    position = rows.filter(id=after).values_list("position", flat=True).first() if after else None
    events = event_log.events_since(
        rows, stream=event_log.OUTBOX, after=position or 0, limit=EVENTS
    )
    return [relay.as_live(event) for event in events]


def stage() -> dict[str, Any]:
    """The newest journals and notifications, and whether the books balance."""
    journals = wallet.latest_journals(JOURNALS)
    names = names_of_owners(
        entry.account.owner_id for row in journals for entry in row.entries.all()
    )
    return {
        "journals": [_journal(row, names) for row in journals],
        "notifications": [notification(row) for row in latest_notifications()],
        "trial_balance": {
            currency: format_amount(minor, currency)
            for currency, minor in wallet.trial_balance().items()
        },
        "clock": clock_face(),
    }


def latest_notifications() -> Iterable[Notification]:
    """The newest notifications with their attempts, newest first."""
    return Notification.objects.order_by("-id").prefetch_related("attempts")[:NOTIFICATIONS]


def notification_form(notification_id: uuid.UUID) -> str:
    """The form that an attempt made now would post, signed.

    Raises:
        EventNotFound: there is none, or it went with a reset.
    """
    row = Notification.objects.filter(id=notification_id).first()
    if row is None:
        raise EventNotFound()
    return signed_form(row, gateway_signer(), beijing(clock.now())).decode("ascii")


def notification(row: Notification) -> dict[str, Any]:
    """One notification: what is sent, and each attempt with the answer's first bytes."""
    return {
        "id": row.id,
        "topic": row.topic,
        "order": row.out_trade_no,
        "trade_no": row.trade_no,
        "url": row.url,
        "state": row.state,
        "due_at": row.due_at,
        "params": row.params,
        "attempts": [
            {
                "number": attempt.number,
                "by_hand": attempt.by_hand,
                "at": attempt.started_at,
                "status": attempt.status,
                "answer": attempt.answer,
                "failure": attempt.failure,
                "ms": attempt.duration_ms,
                "under_way": attempt.finished_at is None,
            }
            for attempt in row.attempts.all()
        ],
    }


def _journal(row: Any, names: dict[uuid.UUID, str]) -> dict[str, Any]:
    """One journal, debits before credits as books are written."""
    return {
        "id": row.id,
        "kind": row.kind,
        "reference": row.reference,
        "payment": row.reference if tags.is_number(row.reference) else "",
        "narrative": row.narrative,
        "posted_at": row.posted_at,
        "entries": [
            {
                "owner": names.get(entry.account.owner_id, ""),
                "role": account_role(entry.account.code),
                "code": entry.account.code,
                "side": entry.side,
                "amount": format_amount(entry.amount_minor, entry.currency),
                "currency": entry.currency,
                "balance_after": _balance_after(entry),
            }
            for entry in sorted(row.entries.all(), key=lambda entry: entry.side != "DEBIT")
        ],
    }


def _balance_after(entry: Any) -> str | None:
    """The account's balance after an entry; a hot account's is not kept entry by entry."""
    if entry.balance_after_minor is None:
        return None
    return format_amount(entry.balance_after_minor, entry.currency)


def messages(phone: str) -> list[dict[str, object]]:
    """The last messages to a phone, newest first; none for what is no phone number."""
    try:
        number = wallet.normalise_phone(phone)
    except wallet.PhoneInvalid:
        return []
    return [
        {"text": message.text, "created_at": message.created_at}
        for message in wallet.messages_to(number)[:LAST_MESSAGES]
    ]
