"""Speakers that order by voice: bound by their owner, under an agreement's caps."""
