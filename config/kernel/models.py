"""Tables of the kernel itself."""

from django.db import models


class WorldClock(models.Model):
    """How far lab time runs ahead of system time, and how fast it goes. One row, or none.

    Lab time only ever goes forward: due dates that have passed stay passed. A clock that was
    made to stand still falls behind the system, so the offset may be negative.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset_us = models.BigIntegerField(default=0, help_text="microseconds ahead of the system")
    rate = models.PositiveIntegerField(
        default=1000, help_text="thousandths of the system's pace; 0 stands still"
    )
    anchor_us = models.BigIntegerField(
        default=0, help_text="system time since the epoch from which the rate counts"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(name="kernel_one_world_clock", condition=models.Q(id=1)),
        )

    def __str__(self) -> str:
        return f"{self.offset_us} µs ahead"


class MasterKeyCanary(models.Model):
    """A known text, sealed and derived; see `config.kernel.canary`. One row, or none."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sealed = models.BinaryField()
    derived = models.BinaryField(default=b"")

    class Meta:
        constraints = (models.CheckConstraint(name="kernel_one_canary", condition=models.Q(id=1)),)

    def __str__(self) -> str:
        return "canary"
