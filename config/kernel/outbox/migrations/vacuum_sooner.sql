-- The indexes of what is unpublished and unfinished are queues: what has left one is only passed
-- over until it is vacuumed, which by default waits for a fifth of a table that only grows.
ALTER TABLE outbox_outboxevent SET (autovacuum_vacuum_scale_factor = 0.02, vacuum_index_cleanup = on);
