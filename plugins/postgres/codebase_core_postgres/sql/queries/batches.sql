-- name: find_files
-- The ids of files by path.
SELECT id FROM {s}.code_files WHERE repository_id = $1 AND path = ANY ($2)

-- name: forget_terms
-- Takes the terms of files out of the document frequencies, and rows that count nothing any more away.
WITH gone AS (
  SELECT term, count(*) AS chunks
  FROM {s}.code_chunks AS c
  JOIN {s}.chunk_terms AS t ON t.chunk_id = c.id, unnest(t.terms) AS term
  WHERE c.file_id = ANY ($1)
  GROUP BY term),
last AS (DELETE FROM {s}.lexical_terms AS l USING gone WHERE l.term = gone.term AND l.chunks <= gone.chunks)
UPDATE {s}.lexical_terms AS l SET chunks = l.chunks - gone.chunks FROM gone WHERE l.term = gone.term AND l.chunks > gone.chunks

-- name: count_chunks
-- How many chunks files have.
SELECT count(*) FROM {s}.code_chunks WHERE file_id = ANY ($1)

-- name: delete_files
-- Files and, by their foreign keys, all that belongs to them.
DELETE FROM {s}.code_files WHERE id = ANY ($1)

-- name: add_terms
-- Adds terms to the document frequencies.
INSERT INTO {s}.lexical_terms AS l (term, chunks) SELECT * FROM unnest($1::int[], $2::bigint[])
ON CONFLICT (term) DO UPDATE SET chunks = l.chunks + excluded.chunks

-- name: touch_files
-- Size, times and inode of files whose contents are as they were.
UPDATE {s}.code_files AS f SET size = t.size, mtime_ns = t.mtime_ns, inode = t.inode, ctime_ns = t.ctime_ns
FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) AS t (path, size, mtime_ns, inode, ctime_ns)
WHERE f.repository_id = $1 AND f.path = t.path

-- name: add_to_count
-- Keeps the number of chunks, which a count would have to read all of them for.
UPDATE {s}.manifest SET chunks = chunks + $1

-- name: take_ids
-- A block of ids of the table $1; returns the last.
SELECT setval(s, nextval(s) + $2 - 1) FROM pg_get_serial_sequence($1, 'id') AS s

-- name: clean_pending_list
-- Moves pending entries of the index $1 to where searches find them without reading the list.
SELECT gin_clean_pending_list($1::regclass)
