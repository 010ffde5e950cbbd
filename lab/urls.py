"""Addresses of the lab: pages at the root, what they ask for under `/lab/`."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from lab import lessons, views
from lab.api.urls import urlpatterns as steering
from lab.bench import bare
from lab.classroom import pages

urlpatterns: list[URLPattern | URLResolver] = [
    *steering,
    path("", views.page("lab/theatre.html"), name="theatre"),
    path("phone/", views.page("lab/phone.html"), name="phone"),
    path("till/", views.page("lab/till.html"), name="till"),
    path("stage/", views.page("lab/stage.html"), name="stage"),
    path("magic/", views.page("lab/magic.html"), name="magic"),
    path("story/", views.story, name="story-find"),
    path("story/<str:number>/", views.story, name="story"),
    path("lab/stories", views.Stories.as_view()),
    path("lab/stories/<str:number>", views.Story.as_view()),
    path("lessons/", lessons.index, name="lessons"),
    path("lessons/<slug:name>/", lessons.lesson, name="lesson"),
    path("doors/", lessons.doors, name="doors"),
    path("abuses/", lessons.abuse_book, name="abuses"),
    path("worksheets/", lessons.worksheets, name="worksheets"),
    path("faults/", lessons.faults, name="faults"),
    path("class/", pages.board, name="class"),
    path("class/roster/", pages.roster, name="roster"),
    path("class/marks.csv", pages.marks, name="marks"),
    path("class/codes/<slug:login>.svg", pages.entrance, name="entrance"),
    path("lab/course", pages.CourseNotes.as_view()),
    path("lab/scenarios", lessons.Scenarios.as_view()),
    path("lab/scenarios/<slug:name>", lessons.Recording.as_view()),
    path("lab/world", views.World.as_view()),
    path("lab/stage", views.Stage.as_view()),
    path("lab/messages", views.Messages.as_view()),
    path("lab/stream", views.Stream.as_view()),
    path("lab/events", views.Events.as_view()),
    path("lab/clock", views.Clock.as_view()),
    path("lab/clock/advance", views.ClockAdvance.as_view()),
    path("lab/faults", views.Faults.as_view()),
    path("lab/webhook-responses", views.WebhookResponses.as_view()),
    path("lab/notifications/<uuid:notification_id>/resend", views.Resend.as_view()),
    path("lab/notify/<slug:shop>", views.notify),
    path("lab/stickers/<slug:shop>/", views.poster, name="poster"),
    path("lab/stickers/<slug:shop>.svg", views.sticker, name="sticker"),
    path("lab/phone/code", views.PhoneCode.as_view()),
    path("lab/phone/scan", views.PhoneScanned.as_view()),
    path("lab/till/pay", views.TillPay.as_view()),
    path("lab/till/order", views.TillOrder.as_view()),
    path("lab/till/query", views.TillQuery.as_view()),
    path("lab/till/cancel", views.TillCancel.as_view()),
    path("lab/till/refund", views.TillRefund.as_view()),
]

if settings.BENCH:
    urlpatterns.append(path("lab/bench/bare", bare.bare))
    urlpatterns.append(path("lab/bench/bare-scan", bare.bare_scan))
