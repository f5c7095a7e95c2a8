-- name: all
-- Every token, by name.
SELECT * FROM codebase_core.tokens ORDER BY name_key

-- name: add
-- A new token.
INSERT INTO codebase_core.tokens (id, name, name_key, digest, scope, projects, tags, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: remove
-- Takes a token away.
DELETE FROM codebase_core.tokens WHERE id = $1 RETURNING name
