"""Registers the consents slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Area, Books, Slice, Table


class ConsentsConfig(AppConfig):
    """What citizens and merchants allow apps to do for them."""

    name = "merchants.consents"
    label = "consents"
    slice = Slice(
        tables=(
            Table(Area.MERCHANTS, "Consents", "handshake", "Grant"),
            Table(Area.MERCHANTS, "Questions of identity", "badge", "Certification"),
        ),
        viewers=("auditor", "privacy_officer"),
        urls="",
        tags={"consents": "What a person has allowed an app to do."},
        enum_names={"GrantKind": "values.GrantKind"},
        books={Books.CONSENTS: ("Grant", "ShownOpenId", "Certification")},
    )
