"""The health desk: what waits for somebody is seen, by those who may see it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.admin.roles import create_roles
from config.kernel import clock
from healthcode.appeals.models import Appeal
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.decisions.models import Alarm, DayCount
from tests.factories.health import make_gate, make_person
from tests.factories.operators import make_operator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PAGE = "/admin/health-desk/"
MAX_QUERIES = 40


def logged_in(operator: User) -> Client:
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def desk() -> Client:
    """An operator who may see everything."""
    return logged_in(make_operator("root", superuser=True))


def text(client: Client) -> str:
    """The page's words, without marks."""
    page = client.get(PAGE)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_an_empty_programme_has_an_empty_desk(desk: Client) -> None:
    page = text(desk)

    assert "Alarms 0 nobody has looked at" in page
    assert "Appeals 0 none is open" in page
    assert "Nobody." in page


def test_the_desk_counts_what_waits(desk: Client) -> None:
    person = make_person(symptoms=["fever"])
    file_appeal(subject=person.subject, grounds="The thermometer was broken.")
    Alarm.objects.create(kind="TEST", facts={})

    page = text(desk)

    assert "Alarms 1" in page
    assert "Appeals 1 the next is due" in page
    assert "Yellow 1 people" in page


def test_an_overdue_appeal_is_said_to_be(desk: Client) -> None:
    file_appeal(subject=make_person().subject, grounds="The thermometer was broken.")
    Appeal.objects.update(due_at=clock.now() - timedelta(seconds=1))

    assert "1 overdue" in text(desk)


def test_verdicts_are_counted_in_families(desk: Client) -> None:
    gate, person = make_gate(), make_person()
    gate.verify(person.code())
    gate.verify("nonsense")

    page = text(desk)

    assert "Admitted 1" in page
    assert "Not a good code 1" in page


def test_reds_are_shown_by_rule_and_operator_with_names(desk: Client) -> None:
    today = clock.now().date()
    for dimension, name in (("rule", "hz-red-case"), ("operator", "mallory")):
        DayCount.objects.create(day=today, dimension=dimension, name=name, count=7)

    page = text(desk)

    assert "hz-red-case 7" in page
    assert "mallory 7" in page


def test_the_rules_in_force_are_named_with_their_tests(desk: Client) -> None:
    assert re.search(r"hangzhou-2020-02, 330100 .* \d+, with \d+ tests that all pass", text(desk))


def test_a_figure_leads_to_its_table(desk: Client) -> None:
    links = re.findall(r'href="(/admin/health_[^"]+)"', desk.get(PAGE).content.decode())

    assert len(set(links)) > 8
    for link in set(links):
        assert desk.get(link.replace("&amp;", "&")).status_code == 200, link


def test_whoever_may_not_see_colours_does_not_see_the_desk() -> None:
    create_roles()
    assert logged_in(make_operator("olga")).get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302


def test_the_sidebar_leads_to_the_desk(desk: Client) -> None:
    assert PAGE in desk.get("/admin/").content.decode()
    assert PAGE not in logged_in(make_operator("olga")).get("/admin/").content.decode()


def test_the_desk_asks_few_questions(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_person()
    text(desk)
    with django_assert_max_num_queries(MAX_QUERIES):
        desk.get(PAGE)
