"""A carrier and its devices: signed words about parcels."""
