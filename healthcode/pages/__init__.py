"""The health code's own pages: the citizen's code, the guard's scanner, the venue desk."""
