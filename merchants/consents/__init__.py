"""Who allowed which app what: citizens' consents and merchants' mandates, with their tokens."""
