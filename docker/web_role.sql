-- The role `saoma_web`, by which web, events, worker and scheduler come to PostgreSQL.
--
-- It reads and writes rows. It owns nothing: it changes no table, and it cannot switch off or
-- drop the triggers that keep journals, votes and the audit log as they were written. Run it as
-- the owner of the tables, before the first `migrate` or later; again changes nothing.
--
--   psql "$OWNER" -v ON_ERROR_STOP=1 -v password="…" -f docker/web_role.sql
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'saoma_web') THEN
        CREATE ROLE saoma_web;
    END IF;
END $$;
ALTER ROLE saoma_web LOGIN PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO saoma_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO saoma_web;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO saoma_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO saoma_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO saoma_web;
