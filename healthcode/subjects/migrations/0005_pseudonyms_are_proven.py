"""The database itself keeps a pseudonym from whoever has only claimed a document."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Constraints, apart from the data they rest on."""

    dependencies = (("health_subjects", "0004_proven_identities"),)
    operations = [
        migrations.RemoveConstraint(model_name="subject", name="health_erased_subject_is_empty"),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                name="health_erased_subject_is_empty",
                condition=models.Q(
                    ("state", "ACTIVE"),
                    models.Q(
                        ("birth_year__isnull", True),
                        ("claim_ref", ""),
                        ("holder_ref__isnull", True),
                        ("pseudonym__isnull", True),
                        ("sealed_identity__isnull", True),
                    ),
                    _connector="OR",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                name="health_pseudonym_is_proven",
                condition=models.Q(
                    ("pseudonym__isnull", True),
                    models.Q(("identity_proof", ""), _negated=True),
                    _connector="OR",
                ),
            ),
        ),
    ]
