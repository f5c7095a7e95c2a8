-- name: create
-- A new record.
INSERT INTO codebase_core.projects (
  id, created_by, updated_by, created_at, updated_at, version,
  name, name_key, description, store, server, location, status, tags, metadata, deleted_at)
VALUES ($1, $2, $2, $3, clock_timestamp(), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
RETURNING {columns}

-- name: get
-- A record by id, deleted ones included.
SELECT {columns} FROM codebase_core.projects WHERE id = $1

-- name: find
-- A live record by folded name.
SELECT {columns} FROM codebase_core.projects WHERE name_key = $1 AND deleted_at IS NULL

-- name: lock
-- A record by id, locked until the transaction ends.
SELECT {columns} FROM codebase_core.projects WHERE id = $1 FOR UPDATE

-- name: update
-- A changed record.
UPDATE codebase_core.projects
SET name = $3, name_key = $4, description = $5, store = $6, server = $7, location = $8, status = $9, tags = $10, metadata = $11,
    deleted_at = $12, updated_by = $2, version = version + 1, updated_at = clock_timestamp()
WHERE id = $1
RETURNING {columns}

-- name: purge
-- Deletes a record whose namespace is gone.
DELETE FROM codebase_core.projects WHERE id = $1 AND status = 'dropping' RETURNING name

-- name: attach
-- Records a checkout; no row if it was recorded like this before.
INSERT INTO codebase_core.checkouts AS c (project_id, machine, root, identity, home) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (project_id, machine, root) DO UPDATE SET identity = excluded.identity, home = excluded.home
WHERE (c.identity, c.home) <> (excluded.identity, excluded.home)
RETURNING true

-- name: detach
-- Forgets one checkout; no row if it was not recorded.
DELETE FROM codebase_core.checkouts WHERE project_id = $1 AND machine = $2 AND root = $3 RETURNING true

-- name: detach_all
-- Frees the checkouts of a deleted project.
DELETE FROM codebase_core.checkouts WHERE project_id = $1

-- name: all_checkouts
-- Every checkout of live projects.
SELECT c.*
FROM codebase_core.checkouts AS c
JOIN codebase_core.projects AS p ON p.id = c.project_id AND p.deleted_at IS NULL
ORDER BY c.project_id, c.root, c.machine

-- name: checkouts
-- Checkouts of live projects among the folders $2 of the machine $1 or with the identity $3, longest root first, homes first.
SELECT c.*
FROM codebase_core.checkouts AS c
JOIN codebase_core.projects AS p ON p.id = c.project_id AND p.deleted_at IS NULL
WHERE c.machine = $1 AND c.root IN (SELECT json_array_elements_text($2::text::json)) OR c.identity = $3
ORDER BY length(c.root) DESC, c.root, c.home DESC, c.added_at

-- name: history
-- The newest $2 entries of the audit trail of the project $1, or of all, oldest first.
SELECT * FROM (
  SELECT * FROM codebase_core.project_events WHERE $1::uuid IS NULL OR project_id = $1 ORDER BY id DESC LIMIT $2) AS newest
ORDER BY id

-- name: record
-- Adds an entry to the audit trail, notifies $5 of it, and forgets what is more than $6 entries old, unless somebody else is about to.
WITH recorded AS (
  INSERT INTO codebase_core.project_events (project_id, actor, action, detail) VALUES ($1, $2, $3, $4) RETURNING id, project_id),
old AS (
  SELECT id FROM codebase_core.project_events WHERE id <= (SELECT id - $6::bigint FROM recorded) FOR UPDATE SKIP LOCKED),
forgotten AS (DELETE FROM codebase_core.project_events WHERE id IN (SELECT id FROM old))
SELECT pg_notify($5, project_id::text) FROM recorded
