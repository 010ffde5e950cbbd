"""Give each wallet of before a person, with its sums and the name it was verified under.

Identity numbers were digested with the user then, so that two wallets of one person cannot
be told here: they meet when one of them applies again. An application that still waits
holds such a digest too, and has to be handed in again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Now

from config.kernel.ids import uuid7

CHUNK = 1_000


def give_persons(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A person and a row of limits for each wallet, in chunks."""
    user_model = apps.get_model("accounts", "WalletUser")
    application_model = apps.get_model("accounts", "KycApplication")
    application_model.objects.filter(state="PENDING").update(
        state="REJECTED", reason="apply_again", decided_at=Now()
    )
    while users := list(user_model.objects.filter(person=None).order_by("id")[:CHUNK]):
        _give(apps, users)


def _give(apps: Apps, users: list) -> None:  # type: ignore[type-arg]
    person_model = apps.get_model("accounts", "Person")
    usage_model = apps.get_model("accounts", "LimitUsage")
    approved = apps.get_model("accounts", "KycApplication").objects.filter(
        user__in=users, state="APPROVED"
    )
    names = {row.user_id: (row.legal_name, row.decided_at) for row in approved.order_by("id")}
    outgoing = apps.get_model("accounts", "OutgoingTotal").objects.filter(user__in=users)
    totals = {row.user_id: row for row in outgoing}
    persons, usages = [], []
    for user in users:
        name, at = names.get(user.id, ("", None))
        person = person_model(id=uuid7(), legal_name=name, verified_at=at)
        total = totals.get(user.id)
        persons.append(person)
        usages.append(
            usage_model(
                person=person,
                lifetime_minor=total.lifetime_minor if total else 0,
                year=total.year if total else 0,
                year_minor=total.year_minor if total else 0,
            )
        )
        user.person = person
    person_model.objects.bulk_create(persons)
    usage_model.objects.bulk_create(usages)
    apps.get_model("accounts", "WalletUser").objects.bulk_update(users, ["person"])


def give_totals(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Going back: each wallet gets its person's sums."""
    totals = apps.get_model("accounts", "OutgoingTotal")
    users = apps.get_model("accounts", "WalletUser").objects.select_related("person__usage")
    for user in users.iterator(CHUNK):
        usage = user.person.usage
        totals.objects.create(
            user=user,
            lifetime_minor=usage.lifetime_minor,
            year=usage.year,
            year_minor=usage.year_minor,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_persons"),
    ]

    operations = [
        migrations.RunPython(give_persons, give_totals),
    ]
