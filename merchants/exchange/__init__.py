"""A payer pays in yuan, a merchant is credited in another currency."""
