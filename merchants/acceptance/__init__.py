"""Taking money: by code, by order, by printed code."""
