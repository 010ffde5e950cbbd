"""The register takes up what is there, and heads say where their chains begin."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Min

from healthcode.decisions.chain import enter_head
from healthcode.evidence import register


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Enter every chain and every piece of evidence; a house without any stays empty."""
    sums = register.Sums()
    decisions = apps.get_model("health_decisions", "Decision").objects
    first = dict(decisions.values_list("subject_id").annotate(seq=Min("seq")).order_by())
    heads = apps.get_model("health_decisions", "Head").objects
    for head in heads.select_related("decision").iterator(chunk_size=2000):
        if first[head.subject_id] != head.first_seq:
            head.first_seq = first[head.subject_id]
            head.save(update_fields=["first_seq"])
        enter_head(sums, head)
    rows = apps.get_model("health_evidence", "Evidence").objects
    for row in rows.iterator(chunk_size=2000):
        sums.add(row.subject_id, register.seal_of(row))
    register.enter(sums)


class Migration(migrations.Migration):
    """Decisions that are there keep their hashes: they are chained and never edited."""

    dependencies = (
        ("health_decisions", "0008_registered_sources"),
        ("health_evidence", "0003_seals_and_register"),
    )
    operations = [
        migrations.AddField(
            model_name="head",
            name="first_seq",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="decision",
                    name="schema_version",
                    field=models.PositiveSmallIntegerField(default=3),
                )
            ]
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
