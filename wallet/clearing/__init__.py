"""Clearing between units: a payer in one unit's books pays somebody in another's."""
