"""Tables of the kernel itself."""

from django.db import models


class WorldClock(models.Model):
    """How far lab time runs ahead of system time. One row, or none.

    The offset only ever grows: due dates that have passed stay passed.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset_us = models.BigIntegerField(default=0, help_text="microseconds ahead of the system")

    class Meta:
        constraints = (
            models.CheckConstraint(name="kernel_one_world_clock", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="kernel_clock_runs_ahead", condition=models.Q(offset_us__gte=0)
            ),
        )

    def __str__(self) -> str:
        return f"{self.offset_us} µs ahead"


class MasterKeyCanary(models.Model):
    """A known text sealed with the master key; see `config.kernel.canary`. One row, or none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.CheckConstraint(name="kernel_one_canary", condition=models.Q(id=1)),)

    def __str__(self) -> str:
        return "canary"
