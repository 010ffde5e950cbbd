"""The bound on a request's queries: it counts, and it fails."""

import pytest
from django.db import connection

from tests.factories.accounts import client_of, make_user
from tests.query_bound import QueryBound, TooManyQueries, bounded

pytestmark = pytest.mark.django_db


def test_a_request_above_the_bound_fails_its_test() -> None:
    client = client_of(make_user())
    with bounded(QueryBound(most=0)), pytest.raises(TooManyQueries, match="/api/v1/me"):
        client.get("/api/v1/me")


def test_every_request_is_counted_by_itself(query_bound: QueryBound) -> None:
    client = client_of(make_user())
    client.get("/api/v1/me")
    once = query_bound.worst
    for _ in range(5):
        client.get("/api/v1/me")
    assert 0 < query_bound.worst <= once + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    client.get("/healthz")
    assert query_bound.worst <= once + 1
