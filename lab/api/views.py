"""World control over HTTP: what a lesson or a test suite needs to steer a world.

Lab mode only, without a login, as JSON, which no other site can make a browser send here.
The document of its own is at `/lab/api/docs/`.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel import clock, ids
from config.kernel.usecases.set_clock import set_clock
from healthcode import public as health
from lab import demo_keys, queries, seed_file, seeded_people, snapshots
from lab.api import serializers as shapes
from lab.classroom import course
from lab.seed_file import SeedFile
from lab.seeded_people import SeededPerson
from lab.usecases import move_clock, reset_world
from lab.usecases.plant_seed import partners_in_a_hurry, top_up
from lab.usecases.seed_running_world import seed_running_world
from lab.usecases.sign_notification import sign_notification
from lab.usecases.trigger_event import Trigger, trigger_event
from lab.values import Step
from lab.views import LabApi
from lab.world import public_url
from merchants.checkout.usecases.scan_as_buyer import PhoneScan, scan_as_buyer
from wallet import public as wallet
from wallet.money import format_amount, parse_amount


def clock_facts() -> dict[str, Any]:
    """The clock, and what will fire next."""
    return {
        "now": clock.now(),
        "times": clock.reading().rate / clock.AS_FAST,
        "zone": settings.TIME_ZONE,
        "upcoming": [asdict(due) for due in move_clock.upcoming()],
    }


class Clock(LabApi):
    """The world's clock."""

    @extend_schema(operation_id="clock", responses=shapes.ClockAnswer)
    def get(self, request: Request) -> Response:
        """What time it is, how fast it goes, and what will fire before it fires."""
        return Response(shapes.ClockAnswer(clock_facts()).data)

    @extend_schema(
        operation_id="set_clock", request=shapes.ClockShape, responses=shapes.ClockAnswer
    )
    def post(self, request: Request) -> Response:
        """Let it stand still, go as the system does, or faster; it never jumps."""
        set_clock(times=self.read(shapes.ClockShape)["times"])
        return Response(shapes.ClockAnswer(clock_facts()).data)


class ClockAdvance(LabApi):
    """Moving the clock."""

    @extend_schema(
        operation_id="advance_clock", request=shapes.AdvanceShape, responses=shapes.AdvanceAnswer
    )
    def post(self, request: Request) -> Response:
        """Advance by seconds, to a moment, or to the next event; what is due fires in order."""
        values = self.read(shapes.AdvanceShape)
        if "by_s" in values:
            report = move_clock.advance_by(values["by_s"])
        elif "to" in values:
            report = move_clock.advance_to(values["to"])
        else:
            report = move_clock.move_clock(step=Step.NEXT)
        facts = clock_facts() | {
            "fired": [asdict(due) for due in move_clock.fired(report)],
            "events": report.events,
        }
        return Response(shapes.AdvanceAnswer(facts).data)


class Snapshots(LabApi):
    """Snapshots of the world."""

    @extend_schema(operation_id="snapshots", responses=shapes.SnapshotsAnswer)
    def get(self, request: Request) -> Response:
        """Which there are."""
        return Response({"snapshots": snapshots.names()})

    @extend_schema(
        operation_id="keep_snapshot",
        request=shapes.SnapshotShape,
        responses={201: shapes.SnapshotsAnswer},
    )
    def post(self, request: Request) -> Response:
        """Keep the world as it is now; another snapshot of this name is replaced."""
        snapshots.keep(self.read(shapes.SnapshotShape)["name"])
        return Response({"snapshots": snapshots.names()}, status=201)


class SnapshotRestore(LabApi):
    """Going back to a snapshot."""

    @extend_schema(operation_id="restore_snapshot", request=None, responses=shapes.RestoredAnswer)
    def post(self, request: Request, name: str) -> Response:
        """Put a snapshot back, its clock included."""
        started = time.perf_counter()
        snapshots.put_back(name)
        return restored(name, started)


class Reset(LabApi):
    """Going back to the seeded world."""

    @extend_schema(operation_id="reset_world", request=None, responses=shapes.RestoredAnswer)
    def post(self, request: Request) -> Response:
        """Put the world back as it was seeded; ids come from its seed again."""
        started = time.perf_counter()
        reset_world.reset_world()
        return restored(snapshots.SEEDED, started)


def restored(name: str, started: float) -> Response:
    """Say that a world is back, and how long it took."""
    took_ms = round((time.perf_counter() - started) * 1000)
    facts = {"snapshot": name, "now": clock.now(), "took_ms": took_ms}
    return Response(shapes.RestoredAnswer(facts).data)


class World(LabApi):
    """The world's addresses and people."""

    @extend_schema(operation_id="world", responses=shapes.WorldAnswer)
    def get(self, request: Request) -> Response:
        """Addresses, keys, people and shops."""
        return Response(shapes.WorldAnswer(world_facts()).data)


def world_facts() -> dict[str, Any]:
    """All that a client of this world needs."""
    address = public_url()
    return {
        "gateway_url": f"{address}/gateway.do",
        "api_url": f"{address}/api/v1",
        "gateway_public_key": demo_keys.gateway_public_key(),
        "now": clock.now(),
        "people": [person_facts(person) for person in seeded_people.people().values()],
        "shops": [
            {
                "key": slug,
                "merchant_id": key.merchant_number,
                "app_id": key.app_number,
                "app_private_key_file": key.private_key_file,
            }
            for slug, key in demo_keys.all_keys().items()
        ],
    }


def person_facts(person: SeededPerson) -> dict[str, str]:
    """Somebody seeded, as they stand now."""
    user = person.user
    return {
        "key": person.key,
        "name": person.name,
        "phone": person.phone,
        "password": person.password,
        "pin": person.pin,
        "balance": _balance(user),
        "colour": health.colour_of(user.id).value,
    }


def _balance(user: wallet.WalletUser) -> str:
    return format_amount(wallet.balance(user.available_account_id).available_minor, "CNY")


class Seed(LabApi):
    """Seeding."""

    @extend_schema(
        operation_id="seed_world", request=shapes.SeedShape, responses=shapes.WorldAnswer
    )
    def post(self, request: Request) -> Response:
        """Bring a seed file's people and shops in; resets go back to this world from now on."""
        seed, keep = _seed_of(self.request.data)
        seed_running_world(seed, keep=keep)
        return Response(shapes.WorldAnswer(world_facts()).data)


def _seed_of(content: object) -> tuple[SeedFile, bool]:
    """The seed file of a body, as YAML or as it is, and whether resets go back to it."""
    if not isinstance(content, Mapping):
        return seed_file.read(content), True
    rest = {name: content[name] for name in content if name not in {"keep", "yaml"}}
    shape = shapes.SeedShape(data={name: content[name] for name in content if name not in rest})
    shape.is_valid(raise_exception=True)
    values = shape.validated_data
    if "yaml" not in values:
        return seed_file.read(rest), values["keep"]
    if rest:
        raise seed_file.SeedFileInvalid([f"yaml is the whole file; beside it: {', '.join(rest)}"])
    return seed_file.read_yaml(values["yaml"]), values["keep"]


class Codes(LabApi):
    """Payment codes."""

    @extend_schema(operation_id="make_code", request=shapes.WhoShape, responses=shapes.CodeAnswer)
    def post(self, request: Request) -> Response:
        """A fresh payment code on somebody's phone."""
        person = seeded_people.person(self.read(shapes.WhoShape)["person"])
        fresh = wallet.issue_fresh_code(user_id=person.id)
        return Response({"code": fresh.code, "expires_at": fresh.expires_at})


class Payments(LabApi):
    """Paying as somebody."""

    @extend_schema(operation_id="pay", request=shapes.PayShape, responses={200: dict})
    def post(self, request: Request) -> Response:
        """Hold somebody's phone to a merchant's code, order string or link, and pay."""
        values = self.read(shapes.PayShape)
        person = seeded_people.person(values["person"])
        scan = PhoneScan(
            payload=values["payload"],
            buyer=person.phone,
            amount=values.get("amount"),
            pay=True,
            pin=person.pin,
        )
        return Response(scan_as_buyer(scan))


class Topups(LabApi):
    """Money from outside."""

    @extend_schema(operation_id="top_up", request=shapes.TopupShape, responses=shapes.BalanceAnswer)
    def post(self, request: Request) -> Response:
        """Credit somebody's wallet through the simulated bank, at once."""
        values = self.read(shapes.TopupShape)
        person = seeded_people.person(values["person"])
        amount_minor = parse_amount(values["amount"], "CNY")
        with partners_in_a_hurry():
            top_up(person.id, amount_minor, key=f"lab-{ids.uuid7()}")
        return Response({"balance": _balance(person.user)})


class Signatures(LabApi):
    """Notifications that never happened."""

    @extend_schema(
        operation_id="sign_notification", request=shapes.SignShape, responses=shapes.SignAnswer
    )
    def post(self, request: Request) -> Response:
        """Sign a notification's fields with the gateway's key, to try a merchant with."""
        values = self.read(shapes.SignShape)
        return Response({"params": sign_notification(**values)})


class Triggers(LabApi):
    """Making things happen."""

    @extend_schema(operation_id="trigger", request=shapes.TriggerShape, responses={200: dict})
    def post(self, request: Request) -> Response:
        """Let a payment, a refund, a cancellation, an order or a settled day happen."""
        return Response(trigger_event(Trigger(**self.read(shapes.TriggerShape))))


class Notifications(LabApi):
    """Notifications."""

    @extend_schema(operation_id="notifications", responses=shapes.NotificationsAnswer)
    def get(self, request: Request) -> Response:
        """The newest notifications: their fields, state, each attempt and its answer."""
        rows = [queries.notification(row) for row in queries.latest_notifications()]
        return Response({"notifications": rows})


class NotificationForm(LabApi):
    """A notification as it is posted."""

    @extend_schema(operation_id="notification_form", responses=shapes.NotificationFormAnswer)
    def get(self, request: Request, notification_id: uuid.UUID) -> Response:
        """The form of an attempt made now: its time and its signature are its own."""
        return Response({"form": queries.notification_form(notification_id)})


class Marks(LabApi):
    """Marks of a merchant."""

    @extend_schema(operation_id="mark", request=shapes.MarkShape, responses={204: None})
    def post(self, request: Request) -> Response:
        """Keep what `saoma check` found, for the teacher's board."""
        values = self.read(shapes.MarkShape)
        course.note_mark(number=values["held"], of=values["of"])
        return Response(status=204)


class Stream(LabApi):
    """The live stream."""

    @extend_schema(operation_id="stream", responses=shapes.StreamAnswer)
    def get(self, request: Request) -> Response:
        """The address of the live events (server-sent events), good for ten minutes."""
        grant = queries.stream_grant()
        url = f"{settings.PUBLIC_URL}/events/?token={grant['token']}"
        return Response({"url": url, "after": grant["after"]})


class Events(LabApi):
    """Events by asking."""

    @extend_schema(operation_id="events", responses=shapes.EventsAnswer)
    def get(self, request: Request) -> Response:
        """Events after one (`after`), oldest first, 200 at most."""
        try:
            after = uuid.UUID(request.query_params.get("after", ""))
        except ValueError:
            after = None
        return Response({"events": queries.events(after)})
