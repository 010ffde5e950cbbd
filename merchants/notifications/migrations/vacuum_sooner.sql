-- The index of what is to be sent is a queue, as those of the outbox are.
ALTER TABLE gateway_notification SET (autovacuum_vacuum_scale_factor = 0.02, vacuum_index_cleanup = on);
