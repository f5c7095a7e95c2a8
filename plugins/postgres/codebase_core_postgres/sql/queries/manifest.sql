-- name: read
-- What an index was made with.
SELECT * FROM {s}.manifest

-- name: count
-- How many chunks an index holds.
SELECT chunks FROM {s}.manifest

-- name: format
-- The format of the tables.
SELECT format FROM {s}.manifest

-- name: insert
-- What an index is made with.
INSERT INTO {s}.manifest (project_id, generation, format, min_reader, tokenizer, field_lengths, embedder, embedder_options)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: lock_format
-- The format of the tables, locked until the transaction ends.
SELECT format FROM {s}.manifest FOR UPDATE

-- name: set_format
-- The format after a migration.
UPDATE {s}.manifest SET format = $1
