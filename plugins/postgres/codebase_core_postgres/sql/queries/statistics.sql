-- name: totals
-- Counts over the whole index.
SELECT count(*) FILTER (WHERE skip_reason IS NULL) AS files, coalesce(sum(bytes_chunked), 0) AS chunked,
       (SELECT generation FROM {s}.manifest) AS generation,
       (SELECT chunks FROM {s}.manifest) AS chunks,
       (SELECT count(*) FROM {s}.symbols) AS symbols,
       (SELECT count(*) FROM {s}.chunk_embeddings) AS vectors
FROM {s}.code_files

-- name: totals_seen
-- The same for the checkout {checkout}, with what is hidden from it taken off.
WITH
hidden AS MATERIALIZED (SELECT unnest(hidden_chunks) AS id FROM {s}.checkouts WHERE id = {checkout}),
seen AS MATERIALIZED (SELECT unnest(seen_chunks) AS id FROM {s}.checkouts WHERE id = {checkout})
SELECT count(*) FILTER (WHERE f.skip_reason IS NULL) AS files, coalesce(sum(f.bytes_chunked), 0) AS chunked,
       (SELECT m.generation FROM {s}.manifest AS m JOIN {s}.checkouts AS k ON k.id = {checkout}) AS generation,
       (SELECT chunks FROM {s}.manifest) - (SELECT count(*) FROM hidden) + (SELECT count(*) FROM seen) AS chunks,
       (SELECT count(*) FROM {s}.symbols) - (SELECT count(*) FROM {s}.symbols WHERE chunk_id IN (SELECT id FROM hidden))
         + (SELECT count(*) FROM {s}.aside_symbols WHERE chunk_id IN (SELECT id FROM seen)) AS symbols,
       (SELECT count(*) FROM {s}.chunk_embeddings) - (SELECT count(*) FROM {s}.chunk_embeddings WHERE chunk_id IN (SELECT id FROM hidden))
         + (SELECT count(*) FROM {s}.aside_embeddings WHERE chunk_id IN (SELECT id FROM seen)) AS vectors
FROM {files} AS f WHERE true{sees}

-- name: skipped
-- Files by the reason why they are not indexed.
SELECT skip_reason, count(*) AS files FROM {files} AS f WHERE skip_reason IS NOT NULL{sees} GROUP BY 1 ORDER BY 1

-- name: languages
-- Indexed files by language, most first.
SELECT coalesce(language, 'other') AS language, count(*) AS files
FROM {files} AS f WHERE skip_reason IS NULL{sees} GROUP BY 1 ORDER BY 2 DESC, 1

-- name: stored_bytes
-- Size on disk of the tables in the schema $1, with their indexes.
SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint
FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace($1)

-- name: repositories
-- Repositories by name, each with who indexes its main checkout now, and its other ones.
SELECT r.*, (
  SELECT l.holder FROM {s}.index_runs AS n, {s}.writer_lease AS l
  WHERE n.repository_id = r.id{of_main} AND n.outcome = 'running' AND n.fence = l.fence AND l.expires_at > now() LIMIT 1)::text AS indexing,
  {checkouts}::text AS checkouts
FROM {s}.repositories AS r
ORDER BY r.name

-- name: last_runs
-- The latest run of each repository, with whether its lease is alive.
SELECT DISTINCT ON (n.repository_id) r.name, n.*, coalesce(n.fence = l.fence AND l.expires_at > now(), false) AS leased
FROM {s}.index_runs AS n
JOIN {s}.repositories AS r ON r.id = n.repository_id{own_runs}, {s}.writer_lease AS l
ORDER BY n.repository_id, n.id DESC

-- name: runs
-- The latest runs, each with whether its lease is alive.
SELECT r.name, n.*, coalesce(n.fence = l.fence AND l.expires_at > now(), false) AS leased
FROM {s}.index_runs AS n
JOIN {s}.repositories AS r ON r.id = n.repository_id{own_runs}, {s}.writer_lease AS l
ORDER BY n.id DESC
LIMIT $1
