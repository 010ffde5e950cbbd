DROP TRIGGER approvals_request_begins
;;
DROP TRIGGER approvals_request_moves
;;
DROP TRIGGER approvals_request_kept
;;
DROP TRIGGER approvals_vote_fixed
;;
DROP TRIGGER approvals_vote_kept
;;
DROP TRIGGER approvals_sponsor_fixed
;;
DROP TRIGGER approvals_sponsor_kept
;;
DROP TRIGGER approvals_version_kept
;;
DROP TRIGGER approvals_vote_given
;;
DROP TRIGGER approvals_sponsor_given
;;
DROP TRIGGER approvals_version_begins
;;
DROP TRIGGER approvals_version_counts
;;
