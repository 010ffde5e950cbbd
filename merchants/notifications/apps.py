"""Registers the notifications slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Books, Slice, Table


class NotificationsConfig(AppConfig):
    """What merchants are told. The label names its tables and rights, which are older."""

    name = "merchants.notifications"
    label = "gateway"
    slice = Slice(
        tables=(Table(Area.NOTIFICATIONS, "Notifications", "notifications", "Notification"),),
        viewers=(*SERVICES, "merchant_ops"),
        rights={"change_notification": ("merchant_ops", "payments_ops", "support")},
        urls="",
        tags={"events": "What merchants were told, and telling it again."},
        enum_names={"NotificationState": "models.NotificationState"},
        books={Books.PAYMENTS: ("Notification",)},
    )
