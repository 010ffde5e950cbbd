ALTER TABLE gateway_notification RESET (autovacuum_vacuum_scale_factor, vacuum_index_cleanup);
