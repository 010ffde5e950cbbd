"""What an address of a database says goes before what is set for all of them."""

from config.settings.storage import POSTGRES_OPTIONS, database


def test_a_silent_server_holds_a_thread_for_seconds_unless_the_address_says_otherwise() -> None:
    plain = database("postgres://saoma@127.0.0.1:5432/saoma")["OPTIONS"]
    assert plain == POSTGRES_OPTIONS
    assert 0 < plain["connect_timeout"] <= 10
    own = database("postgres://saoma@127.0.0.1:5432/saoma?connect_timeout=2")["OPTIONS"]
    assert int(own["connect_timeout"]) == 2
    assert own["tcp_user_timeout"] == POSTGRES_OPTIONS["tcp_user_timeout"]
