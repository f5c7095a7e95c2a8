-- name: totals
-- Counts over the whole index.
SELECT count(*) FILTER (WHERE skip_reason IS NULL) AS files, coalesce(sum(bytes_chunked), 0) AS chunked,
       (SELECT generation FROM {s}.manifest) AS generation,
       (SELECT chunks FROM {s}.manifest) AS chunks,
       (SELECT count(*) FROM {s}.symbols) AS symbols,
       (SELECT count(*) FROM {s}.chunk_embeddings) AS vectors
FROM {s}.code_files

-- name: skipped
-- Files by the reason why they are not indexed.
SELECT skip_reason, count(*) AS files FROM {s}.code_files WHERE skip_reason IS NOT NULL GROUP BY 1 ORDER BY 1

-- name: languages
-- Indexed files by language, most first.
SELECT coalesce(language, 'other') AS language, count(*) AS files
FROM {s}.code_files WHERE skip_reason IS NULL GROUP BY 1 ORDER BY 2 DESC, 1

-- name: stored_bytes
-- Size on disk of the tables in the schema $1, with their indexes.
SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint
FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace($1)

-- name: repositories
-- Repositories by name, each with who indexes it now.
SELECT r.*, (
  SELECT l.holder FROM {s}.index_runs AS n, {s}.writer_lease AS l
  WHERE n.repository_id = r.id AND n.outcome = 'running' AND n.fence = l.fence AND l.expires_at > now() LIMIT 1)::text AS indexing
FROM {s}.repositories AS r
ORDER BY r.name

-- name: last_runs
-- The latest run of each repository, with whether its lease is alive.
SELECT DISTINCT ON (n.repository_id) r.name, n.*, coalesce(n.fence = l.fence AND l.expires_at > now(), false) AS leased
FROM {s}.index_runs AS n
JOIN {s}.repositories AS r ON r.id = n.repository_id, {s}.writer_lease AS l
ORDER BY n.repository_id, n.id DESC

-- name: runs
-- The latest runs, each with whether its lease is alive.
SELECT r.name, n.*, coalesce(n.fence = l.fence AND l.expires_at > now(), false) AS leased
FROM {s}.index_runs AS n
JOIN {s}.repositories AS r ON r.id = n.repository_id, {s}.writer_lease AS l
ORDER BY n.id DESC
LIMIT $1
