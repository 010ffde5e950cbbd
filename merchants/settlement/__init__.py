"""One batch per merchant and day, closed at the cut-off."""
