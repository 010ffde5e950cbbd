"""Registers the faces slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import Area, Books, Slice, Table


class FacesConfig(AppConfig):
    """Paying by face, without a face in any table."""

    name = "merchants.faces"
    label = "faces"
    slice = Slice(
        tables=(
            Table(Area.MERCHANTS, "Face terminals", "face", "FaceTerminal"),
            Table(Area.MERCHANTS, "Face enrolments", "sentiment_satisfied", "FaceEnrolment"),
        ),
        rights={
            "view_faceterminal": ("auditor", "merchant_ops"),
            "certify_faceterminal": ("merchant_ops",),
        },
        urls="",
        tags={"faces": "Paying by face at a terminal, where a person has enrolled."},
        enum_names={
            "FaceTerminalState": "values.TerminalState",
            "FaceEnrolmentState": "values.EnrolmentState",
        },
        books={Books.CONSENTS: ("FaceEnrolment", "FaceToken")},
    )
