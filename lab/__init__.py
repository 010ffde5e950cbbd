"""Teaching layer; nothing imports it."""
