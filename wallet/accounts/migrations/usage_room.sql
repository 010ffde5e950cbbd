-- A person's row of limits changes with each payment: room on the page keeps the new
-- version beside the old one.
ALTER TABLE accounts_limitusage SET (fillfactor = 50);
