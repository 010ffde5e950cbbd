"""What operators, phones, gates and clock do about rides."""
