"""What can be done with offers, deals, parcels and refunds inside escrow."""
