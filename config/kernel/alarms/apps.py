"""Registers the alarms with Django."""

from django.apps import AppConfig

from config.kernel.slices import Area, Slice, Table


class AlarmsConfig(AppConfig):
    """Operators' alarms."""

    name = "config.kernel.alarms"
    label = "alarms"
    slice = Slice(tables=(Table(Area.CONTROL, "Alarms", "notification_important", "Alarm"),))
