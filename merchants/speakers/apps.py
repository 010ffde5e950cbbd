"""Registers the speakers slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Books, Ending, Slice, Table


class SpeakersConfig(AppConfig):
    """Orders by voice; a voice is a hint and never a proof."""

    name = "merchants.speakers"
    label = "speakers"
    slice = Slice(
        tables=(
            Table(Area.WALLETS, "Speakers", "speaker", "Speaker"),
            Table(Area.WALLETS, "Spoken orders", "record_voice_over", "VoiceOrder"),
        ),
        viewers=SERVICES,
        urls="",
        tags={"speakers": "Orders by voice: within agreed caps at once, above them on the phone."},
        enum_names={"VoiceOrderState": "values.OrderState"},
        books={Books.SERVICES: ("Speaker",)},
        endings=(
            Ending(
                "VoiceOrder",
                "expires_at",
                180,
                "what was spoken to speakers",
                "ce qui a été dit aux enceintes",
                "对音箱说的订单",
            ),
        ),
    )
