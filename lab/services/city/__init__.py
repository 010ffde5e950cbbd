"""A city's office: it presents fines and bills, and answers who contests them."""
