"""A marketplace's store: offers, shipments, answers to refund requests."""
