"""What payers, their payments, the fund, the lender and the clock do about funding."""
