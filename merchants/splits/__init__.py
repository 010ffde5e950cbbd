"""Splits: parts of a paid trade that go to others, and come back with refunds."""
