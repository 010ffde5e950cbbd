ALTER TABLE accounts_limitusage RESET (fillfactor);
