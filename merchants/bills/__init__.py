"""Bills: what a merchant's day or month came to, as files that its books can read."""
