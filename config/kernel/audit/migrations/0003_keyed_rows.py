"""From here on rows are chained by keyed hashes; where the others end is sealed."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from config.kernel.audit import chain


def seal_unkeyed_rows(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Sign how far the chain of unkeyed hashes reaches."""
    head = apps.get_model("audit", "AuditHead").objects.filter(id=1).first()
    if head is None or head.seq == 0:
        return
    signature = chain.signing_key().sign(chain.seal_text(head.seq, head.hash)).hex()
    apps.get_model("audit", "AuditSeal").objects.create(
        id=1, seq=head.seq, hash=head.hash, signature=signature
    )


class Migration(migrations.Migration):
    """A table of one row."""

    dependencies = (("audit", "0002_append_only"),)
    operations = (
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("seq", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=128)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_one_seal")
                ],
            },
        ),
        migrations.RunPython(seal_unkeyed_rows, migrations.RunPython.noop),
    )
