-- name: know_repository
-- The id of a repository, which has one from now on.
INSERT INTO {s}.repositories (name, identity, root, machine) VALUES ($1, $2, $3, $4)
ON CONFLICT (name) DO UPDATE SET identity = excluded.identity, root = excluded.root, machine = excluded.machine
RETURNING id

-- name: know_checkout
-- The repository of the name $1 and the id of another checkout of it, which has one from now on.
INSERT INTO {s}.checkouts AS k (repository_id, machine, root)
SELECT id, $2, $3 FROM {s}.repositories WHERE name = $1
ON CONFLICT (repository_id, machine, root) DO UPDATE SET root = excluded.root
RETURNING k.repository_id, k.id

-- name: interrupt
-- Marks runs that never ended; only the holder of the lease runs this.
UPDATE {s}.index_runs SET outcome = 'interrupted', finished_at = heartbeat_at WHERE outcome = 'running'

-- name: forget
-- Deletes all but the latest runs and the last good one of each part of a repository.
DELETE FROM {s}.index_runs
WHERE id <= (SELECT id FROM {s}.index_runs ORDER BY id DESC OFFSET {kept} LIMIT 1)
  AND id NOT IN (SELECT max(id) FROM {s}.index_runs WHERE outcome = 'done' GROUP BY repository_id, checkout_id, scope)

-- name: begin
-- Records the start of a run.
INSERT INTO {s}.index_runs (repository_id, scope, commit, fence, holder, detail, checkout_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id, started_at

-- name: report
-- Merges progress into a run; one that another writer has ended is left alone.
UPDATE {s}.index_runs SET detail = detail || $2, heartbeat_at = clock_timestamp() WHERE id = $1 AND outcome = 'running'

-- name: end
-- Records the end of a run.
UPDATE {s}.index_runs
SET outcome = $2, detail = detail || $3, finished_at = clock_timestamp(), heartbeat_at = clock_timestamp()
WHERE id = $1

-- name: make_fresh
-- Records when, and at which commit, a repository was last indexed completely.
UPDATE {s}.repositories SET indexed_at = clock_timestamp(), commit = $2 WHERE id = $1

-- name: make_checkout_fresh
-- The same of another checkout.
UPDATE {s}.checkouts SET indexed_at = clock_timestamp(), commit = $2 WHERE id = $1
