-- name: main_files
-- Relation: the files of main checkouts.
{s}.code_files

-- name: main_chunks
-- Relation: their chunks.
{s}.code_chunks

-- name: main_symbols
-- Relation: their definitions.
{s}.symbols

-- name: aside_files
-- Relation: the files aside.
{s}.aside_files

-- name: files
-- Relation: the files of both sides, of which {sees} leaves what a checkout sees.
(SELECT *, false AS is_aside FROM {s}.code_files UNION ALL SELECT *, true FROM {s}.aside_files)

-- name: chunks
-- Relation: the chunks of both sides.
(SELECT * FROM {s}.code_chunks UNION ALL SELECT * FROM {s}.aside_chunks)

-- name: symbols
-- Relation: the definitions of both sides.
(SELECT * FROM {s}.symbols UNION ALL SELECT * FROM {s}.aside_symbols)

-- name: sees
-- Condition: the checkout {checkout} sees the file f.
AND f.id NOT IN (SELECT unnest(hidden_files) FROM {s}.checkouts WHERE id = {checkout})
AND (NOT f.is_aside OR f.id IN (SELECT unnest(seen_files) FROM {s}.checkouts WHERE id = {checkout}))
AND EXISTS (SELECT FROM {s}.checkouts WHERE id = {checkout})

-- name: main_defined_in
-- Joins: the chunk c and the file f of the definition y.
JOIN {s}.code_chunks AS c ON c.id = y.chunk_id
JOIN {s}.code_files AS f ON f.id = c.file_id

-- name: defined_in
-- Joins: the chunk c and the file f of the definition y, if the checkout sees it. One by one: left the choice, the planner joins
-- with all files first, which takes seconds.
JOIN LATERAL (SELECT * FROM {chunks} AS own WHERE own.id = y.chunk_id OFFSET 0) AS c ON true
JOIN LATERAL (SELECT f.* FROM {files} AS f WHERE f.id = c.file_id {sees} OFFSET 0) AS f ON true

-- name: runs_of_main
-- Condition: the run n is of a main checkout.
AND n.checkout_id IS NULL

-- name: runs_of
-- Condition: the run n is of the checkout {checkout}.
AND n.checkout_id = {checkout}

-- name: among
-- Condition of a filtered search.
AND chunk_id IN (SELECT id FROM eligible)

-- name: exactly
-- By distance, without the approximate index: that returns the nearest of all, and too few that pass.
(embedding OPERATOR({v}.<#>) (SELECT vector FROM given)) + 0

-- name: listed
-- The checkouts of the repository r beside the main one, as JSON, each with who indexes it now.
(SELECT coalesce(json_agg(json_build_array(k.id, k.root, k.machine, k.commit, k.indexed_at, (
     SELECT l.holder FROM {s}.index_runs AS n, {s}.writer_lease AS l
     WHERE n.checkout_id = k.id AND n.outcome = 'running' AND n.fence = l.fence AND l.expires_at > now() LIMIT 1)) ORDER BY k.id), '[]')
 FROM {s}.checkouts AS k WHERE k.repository_id = r.id)

-- name: of_repository
-- Ids of the checkouts of the repository $1 beside the main one.
SELECT id FROM {s}.checkouts WHERE repository_id = $1

-- name: same_place
-- Ids of checkouts at the place ($2 machine, $3 root) of the repository $1.
SELECT id FROM {s}.checkouts WHERE repository_id = $1 AND machine = $2 AND root = $3

-- name: hide
-- Hides files $2 and chunks $3 of the main checkout from the checkouts $1.
UPDATE {s}.checkouts SET hidden_files = hidden_files || $2::bigint[], hidden_chunks = hidden_chunks || $3::bigint[]
WHERE id = ANY ($1::int[])

-- name: show
-- Adds files $2 and chunks $3 aside to what the checkouts $1 see.
UPDATE {s}.checkouts SET seen_files = seen_files || $2::bigint[], seen_chunks = seen_chunks || $3::bigint[]
WHERE id = ANY ($1::int[])

-- name: unlist
-- Takes files $2 and chunks $3, hidden or seen, out of the lists of the checkouts $1. By hashing: lists may be long.
UPDATE {s}.checkouts AS k SET
  hidden_files = ARRAY(SELECT x FROM unnest(k.hidden_files) AS x WHERE x NOT IN (SELECT unnest($2::bigint[]))),
  hidden_chunks = ARRAY(SELECT x FROM unnest(k.hidden_chunks) AS x WHERE x NOT IN (SELECT unnest($3::bigint[]))),
  seen_files = ARRAY(SELECT x FROM unnest(k.seen_files) AS x WHERE x NOT IN (SELECT unnest($2::bigint[]))),
  seen_chunks = ARRAY(SELECT x FROM unnest(k.seen_chunks) AS x WHERE x NOT IN (SELECT unnest($3::bigint[])))
WHERE k.id = ANY ($1::int[]) AND EXISTS (
  SELECT FROM unnest(k.hidden_files || k.seen_files) AS x WHERE x IN (SELECT unnest($2::bigint[])))

-- name: listing
-- Which of the checkouts $1 have which of the files $2 hidden, and which see them aside.
SELECT k.id AS checkout, x AS file, true AS hidden
FROM {s}.checkouts AS k, unnest(k.hidden_files) AS x
WHERE k.id = ANY ($1::int[]) AND x IN (SELECT unnest($2::bigint[]))
UNION ALL
SELECT k.id, x, false
FROM {s}.checkouts AS k, unnest(k.seen_files) AS x
WHERE k.id = ANY ($1::int[]) AND x IN (SELECT unnest($2::bigint[]))

-- name: main_versions
-- Files of the main checkout by the paths $2 in the repository $1, with their contents.
SELECT id, path, content_hash, pipeline, skip_reason FROM {s}.code_files WHERE repository_id = $1 AND path = ANY ($2)

-- name: aside_versions
-- Files aside by the paths $2 in the repository $1, with their contents.
SELECT id, path, content_hash, pipeline, skip_reason FROM {s}.aside_files WHERE repository_id = $1 AND path = ANY ($2)

-- name: seen_aside
-- Of the paths $2 in the repository $1, the files aside that the checkout $3 sees.
SELECT f.id, f.path FROM {s}.aside_files AS f
WHERE f.repository_id = $1 AND f.path = ANY ($2) AND f.id IN (SELECT unnest(seen_files) FROM {s}.checkouts WHERE id = $3)

-- name: chunks_of
-- The chunks of the files $1 on either side.
SELECT id, file_id FROM {s}.code_chunks WHERE file_id = ANY ($1::bigint[])
UNION ALL SELECT id, file_id FROM {s}.aside_chunks WHERE file_id = ANY ($1::bigint[])

-- name: copy_files
-- Copies the files $1 to the other side.
INSERT INTO {s}.{there} SELECT * FROM {s}.{here} WHERE id = ANY ($1::bigint[])

-- name: copy_chunks
-- Copies the chunks of the files $1 to the other side.
INSERT INTO {s}.{there} SELECT * FROM {s}.{here} WHERE file_id = ANY ($1::bigint[])

-- name: copy_parts
-- Copies what belongs to the chunks $1 to the other side.
INSERT INTO {s}.{there} SELECT * FROM {s}.{here} WHERE chunk_id = ANY ($1::bigint[])

-- name: drop_aside
-- Deletes files aside, and by their foreign keys all that belongs to them.
DELETE FROM {s}.aside_files WHERE id = ANY ($1::bigint[])

-- name: some_seen
-- Some of the files that the checkout $1 sees aside; $2 is how many at most.
SELECT seen_files[1:$2] AS files FROM {s}.checkouts WHERE id = $1

-- name: drop_unseen
-- Deletes those of the files $1 aside that no checkout sees.
DELETE FROM {s}.aside_files AS f
WHERE f.id = ANY ($1::bigint[]) AND f.id NOT IN (SELECT unnest(seen_files) FROM {s}.checkouts)

-- name: drop
-- Forgets the checkout $1 and its runs.
DELETE FROM {s}.checkouts WHERE id = $1

-- name: count_aside_terms
-- Document frequencies of the files $1 aside, added to those of the index.
INSERT INTO {s}.lexical_terms AS l (term, chunks)
SELECT term, count(*) FROM {s}.aside_chunks AS c JOIN {s}.aside_terms AS t ON t.chunk_id = c.id, unnest(t.terms) AS term
WHERE c.file_id = ANY ($1::bigint[]) GROUP BY term
ON CONFLICT (term) DO UPDATE SET chunks = l.chunks + excluded.chunks
