"""What is done about merchants' debts."""
