"""An adviser who shows offers to those who have agreed to see some."""
