-- name: read
-- Who holds the lease.
SELECT fence, holder, expires_at < clock_timestamp() AS expired FROM {s}.writer_lease

-- name: take
-- Takes the lease from the fence $2 and holder $3 that were read, if it is free, expired, or ($4) its holder is dead.
UPDATE {s}.writer_lease SET fence = fence + 1, holder = $1, expires_at = clock_timestamp() + interval '30 seconds'
WHERE fence = $2 AND holder IS NOT DISTINCT FROM $3::jsonb AND (holder IS NULL OR expires_at < clock_timestamp() OR $4)
RETURNING fence

-- name: renew
-- Locks the lease for the transaction and prolongs it; no row if the fence is another by now.
UPDATE {s}.writer_lease SET expires_at = clock_timestamp() + interval '30 seconds'
WHERE fence = $1 AND holder IS NOT NULL
RETURNING true

-- name: release
-- Releases the lease if it still has this fence.
UPDATE {s}.writer_lease SET holder = NULL, expires_at = NULL WHERE fence = $1

-- name: beat
-- Says that a run is alive.
UPDATE {s}.index_runs SET heartbeat_at = clock_timestamp() WHERE id = $1
