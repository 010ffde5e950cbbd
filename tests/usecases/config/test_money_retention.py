"""What wallet and merchants keep of people has a row of the retention table, and goes by it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.apps import apps

from config.admin.money_retention import JOB, ROWS
from config.kernel import clock, timetable
from merchants.speakers.models import Speaker, VoiceOrder
from wallet.passkeys.models import Passkey, PasskeyChallenge

pytestmark = pytest.mark.django_db
# Columns that say of whom a row tells.
OF_SOMEBODY = re.compile(
    r"(user|payer|payee|buyer|shopper|sender|requester|person)(_id|_number|_name)|legal_name|phone"
)
TOLD = {table for row in ROWS for table in row.tables}


def test_every_table_with_people_has_a_row_and_every_row_a_table() -> None:
    models = [model for model in apps.get_models()
              if model.__module__.startswith(("wallet.", "merchants."))]  # fmt: skip
    with_people = {
        model._meta.db_table
        for model in models
        for field in model._meta.fields
        if OF_SOMEBODY.fullmatch(str(field.column))
    }
    assert with_people - TOLD == set()
    assert {model._meta.db_table for model in models} >= TOLD


def test_a_row_names_a_table_once_and_speaks_three_languages() -> None:
    assert sum(len(row.tables) for row in ROWS) == len(TOLD)
    for row in ROWS:
        for text in (row.what, row.then):
            assert len({text["en"], text["fr"], text["zh"]}) == 3


def test_what_came_to_nothing_goes_by_the_clock_and_what_was_signed_stays() -> None:
    now, user_id = clock.now(), uuid.uuid4()
    old = now - timedelta(days=28)
    passkey = Passkey.objects.create(
        user_id=user_id, state="REVOKED", challenge="c", expires_at=old, credential="x"
    )
    Passkey.objects.create(user_id=user_id, challenge="c", expires_at=old)
    facts = {"user_id": user_id, "kind": "PAYMENT", "subject_id": user_id, "nonce": "n",
             "transaction": "t", "expires_at": old}  # fmt: skip
    PasskeyChallenge.objects.create(key="unused", **facts)
    PasskeyChallenge.objects.create(key="signed", used_at=old, passkey=passkey, **facts)
    PasskeyChallenge.objects.create(key="fresh", **{**facts, "expires_at": now})
    assert timetable.dues([JOB])[JOB] == old + timedelta(days=28)
    assert timetable.run(JOB, now) == 2
    assert set(PasskeyChallenge.objects.values_list("key", flat=True)) == {"signed", "fresh"}
    assert list(Passkey.objects.all()) == [passkey]
    assert timetable.run(JOB, now) == 0


def test_what_was_spoken_is_forgotten_after_half_a_year() -> None:
    now, some = clock.now(), uuid.uuid4()
    speaker = Speaker.objects.create(
        user_id=some, serial="S1", public_key="-", agreement_id=some, daily_minor=1
    )
    for name, days in (("old", 181), ("young", 179)):
        VoiceOrder.objects.create(
            speaker=speaker, payee_id=some, request_no=name, reference=name, subject="tea",
            amount_minor=1, currency="CNY", voice="ADULT", way="PHONE",
            spoken_at=now - timedelta(days=days), expires_at=now - timedelta(days=days),
        )  # fmt: skip
    timetable.run(JOB, now)
    assert VoiceOrder.objects.get().request_no == "young"
