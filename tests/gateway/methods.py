"""Every method's row."""

from tests.gateway import (
    rows_account_queries,
    rows_agreements,
    rows_bills,
    rows_certificates,
    rows_certify,
    rows_customs,
    rows_escrow,
    rows_faces,
    rows_fund_auth,
    rows_monitoring,
    rows_oauth,
    rows_receipts,
    rows_splits,
    rows_trade,
    rows_trade_advice,
    rows_transfer_batches,
    rows_transfers,
)
from tests.gateway.rows import Row

# A family adds its rows here.
ROWS: dict[str, Row] = {
    **rows_trade.TRADE,
    **rows_oauth.OAUTH,
    **rows_agreements.AGREEMENTS,
    **rows_certificates.CERTIFICATES,
    **rows_faces.FACES,
    **rows_transfers.TRANSFERS,
    **rows_splits.SPLITS,
    **rows_fund_auth.FUND_AUTH,
    **rows_bills.BILLS,
    **rows_escrow.ESCROW,
    **rows_customs.CUSTOMS,
    **rows_account_queries.ACCOUNT_QUERIES,
    **rows_trade_advice.TRADE_ADVICE,
    **rows_transfer_batches.BATCHES,
    **rows_receipts.RECEIPTS,
    **rows_certify.CERTIFY,
    **rows_monitoring.MONITORING,
}
