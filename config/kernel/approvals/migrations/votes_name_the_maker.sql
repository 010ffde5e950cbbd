-- A row check compares a vote's checker with the maker it names; this key makes sure that
-- the maker it names is the request's. Together they hold whatever path wrote the row.
ALTER TABLE approvals_approvalvote
    ADD CONSTRAINT approvals_vote_names_maker
    FOREIGN KEY (request_id, maker_id)
    REFERENCES approvals_approvalrequest (id, maker_id)
    DEFERRABLE INITIALLY IMMEDIATE;
