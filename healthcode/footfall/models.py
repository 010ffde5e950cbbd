"""Tables of footfall. No column here says anything about one person."""

from django.db import models

from config.kernel import clock
from healthcode.footfall.values import DatasetState


class Dataset(models.Model):
    """One hour of the city. Its counts are drawn once, when it is sealed."""

    hour = models.DateTimeField(primary_key=True)
    state = models.CharField(
        max_length=9, choices=[(s.value, s.name) for s in DatasetState], default=DatasetState.OPEN
    )
    epsilon_milli = models.PositiveIntegerField(default=0)
    sealed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "health_footfall_dataset"
        ordering = ("-hour",)

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H:00} {self.state}"


class Cell(models.Model):
    """The noisy count of an area in an hour. What is suppressed has no row."""

    id = models.BigAutoField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="cells")
    area = models.CharField(max_length=6)
    count = models.PositiveIntegerField()

    class Meta:
        db_table = "health_footfall_cell"
        ordering = ("area",)
        constraints = (models.UniqueConstraint(name="health_one_cell", fields=["dataset", "area"]),)

    def __str__(self) -> str:
        return f"{self.area}: {self.count}"


class PrivacyAccount(models.Model):
    """What a day may give away, and has: thousandths of epsilon."""

    day = models.DateField(primary_key=True)
    limit_milli = models.PositiveIntegerField()
    spent_milli = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        db_table = "health_privacy_account"
        ordering = ("-day",)
        constraints = (
            models.CheckConstraint(
                name="health_privacy_is_not_overspent",
                condition=models.Q(spent_milli__lte=models.F("limit_milli")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.day}: {self.spent_milli} of {self.limit_milli}"
