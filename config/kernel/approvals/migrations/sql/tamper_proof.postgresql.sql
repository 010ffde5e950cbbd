-- A request begins as PENDING, is never edited, and moves on only as its votes allow; a vote
-- is another operator's, is given once while the request waits, and stands. Nothing of it is
-- ever removed. These hold for whoever has a shell on the application's account, too.
CREATE OR REPLACE FUNCTION approvals_refuse(reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE OR REPLACE FUNCTION approvals_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM approvals_refuse('rows of the approvals are written once and kept');
    RETURN NULL;
END;
$$;
CREATE OR REPLACE FUNCTION approvals_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'PENDING' OR NEW.decided_at IS NOT NULL OR NEW.executed_at IS NOT NULL
        OR NEW.failure_code <> '' OR NEW.result <> '{}'::jsonb THEN
        PERFORM approvals_refuse('a request begins as PENDING');
    END IF;
    RETURN NEW;
END;
$$;
CREATE OR REPLACE FUNCTION approvals_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    yes integer;
    no integer;
BEGIN
    IF NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    IF ROW(NEW.id, NEW.action, NEW.parameters, NEW.target, NEW.target_version, NEW.state,
           NEW.state_hash, NEW.effect, NEW.reason, NEW.maker_id, NEW.checkers_needed,
           NEW.requested_at, NEW.expires_at)
        IS DISTINCT FROM
       ROW(OLD.id, OLD.action, OLD.parameters, OLD.target, OLD.target_version, OLD.state,
           OLD.state_hash, OLD.effect, OLD.reason, OLD.maker_id, OLD.checkers_needed,
           OLD.requested_at, OLD.expires_at) THEN
        PERFORM approvals_refuse('a request is never edited');
    END IF;
    IF NOT (
        (OLD.status = 'PENDING'
            AND NEW.status IN ('APPROVED', 'REJECTED', 'WITHDRAWN', 'EXPIRED', 'STALE'))
        OR (OLD.status = 'APPROVED' AND NEW.status IN ('EXECUTED', 'FAILED', 'STALE'))
    ) THEN
        PERFORM approvals_refuse('a request does not move like this');
    END IF;
    SELECT count(DISTINCT checker_id) FILTER (WHERE approves),
           count(*) FILTER (WHERE NOT approves)
        INTO yes, no
        FROM approvals_approvalvote
        WHERE request_id = NEW.id AND checker_id <> NEW.maker_id;
    IF NEW.status IN ('APPROVED', 'EXECUTED') AND yes < NEW.checkers_needed THEN
        PERFORM approvals_refuse('a request is approved by votes');
    END IF;
    IF NEW.status = 'REJECTED' AND no = 0 THEN
        PERFORM approvals_refuse('a request is rejected by a vote');
    END IF;
    RETURN NEW;
END;
$$;
CREATE OR REPLACE FUNCTION approvals_vote() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked approvals_approvalrequest%ROWTYPE;
BEGIN
    SELECT * INTO asked FROM approvals_approvalrequest WHERE id = NEW.request_id;
    IF asked.id IS NOT NULL AND (asked.maker_id <> NEW.maker_id
        OR asked.maker_id = NEW.checker_id) THEN
        PERFORM approvals_refuse('a vote is another operator''s than the maker');
    END IF;
    IF asked.id IS NOT NULL AND asked.status <> 'PENDING' THEN
        PERFORM approvals_refuse('a vote is given while the request waits');
    END IF;
    RETURN NEW;
END;
$$;
CREATE OR REPLACE FUNCTION approvals_count_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.target <> OLD.target OR NEW.version < OLD.version THEN
        PERFORM approvals_refuse('a version is never set back');
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER approvals_request_begins BEFORE INSERT ON approvals_approvalrequest
    FOR EACH ROW EXECUTE FUNCTION approvals_begin();
CREATE TRIGGER approvals_request_moves BEFORE UPDATE ON approvals_approvalrequest
    FOR EACH ROW EXECUTE FUNCTION approvals_move();
CREATE TRIGGER approvals_request_kept BEFORE DELETE ON approvals_approvalrequest
    FOR EACH ROW EXECUTE FUNCTION approvals_keep();
CREATE TRIGGER approvals_requests_kept BEFORE TRUNCATE ON approvals_approvalrequest
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_keep();
CREATE TRIGGER approvals_vote_given BEFORE INSERT ON approvals_approvalvote
    FOR EACH ROW EXECUTE FUNCTION approvals_vote();
CREATE TRIGGER approvals_vote_kept BEFORE UPDATE OR DELETE ON approvals_approvalvote
    FOR EACH ROW EXECUTE FUNCTION approvals_keep();
CREATE TRIGGER approvals_votes_kept BEFORE TRUNCATE ON approvals_approvalvote
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_keep();
CREATE TRIGGER approvals_sponsor_kept BEFORE UPDATE OR DELETE ON approvals_operatorsponsor
    FOR EACH ROW EXECUTE FUNCTION approvals_keep();
CREATE TRIGGER approvals_sponsors_kept BEFORE TRUNCATE ON approvals_operatorsponsor
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_keep();
CREATE TRIGGER approvals_version_counts BEFORE UPDATE ON approvals_targetversion
    FOR EACH ROW EXECUTE FUNCTION approvals_count_up();
CREATE TRIGGER approvals_version_kept BEFORE DELETE ON approvals_targetversion
    FOR EACH ROW EXECUTE FUNCTION approvals_keep();
CREATE TRIGGER approvals_versions_kept BEFORE TRUNCATE ON approvals_targetversion
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_keep();
