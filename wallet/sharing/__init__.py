"""Money shared among people: a bill that is split, a red packet."""
