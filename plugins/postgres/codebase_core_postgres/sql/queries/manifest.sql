-- name: read
-- What an index was made with.
SELECT * FROM {s}.manifest

-- name: count
-- How many chunks an index holds.
SELECT chunks FROM {s}.manifest
