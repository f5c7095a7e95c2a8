-- name: retrieve_filtered
-- retrieve.sql among the chunks that pass the filters (a test holds the two together): candidates, and nothing else, are filtered.
-- $6 repositories, $7 languages, $8 path expressions, $9 unwanted roles, $10 wanted roles (NULL: no filter).
WITH
given AS MATERIALIZED (  -- out of the planner's sight: so the plan that PostgreSQL keeps is as good as a new one, and saves making it
  SELECT $1::text::int[] AS terms, $2::text::float8[] AS weights, $4::text::text[] AS names, $5::text::text[] AS tails,
         m.chunks, CASE WHEN m.generation = {generation} THEN $3::text::{v}.halfvec({d}) END AS vector,  -- others are of another model
         set_config('hnsw.ef_search', '1000', true),  -- docs/performance.md: 400 loses whole queries, 1000 costs 2 ms
         set_config('hnsw.iterative_scan', 'strict_order', true)
  FROM {s}.manifest AS m),
query_terms AS MATERIALIZED (
  SELECT q.term, q.weight, coalesce(t.chunks, 0) AS df, (SELECT chunks FROM given) AS n
  FROM unnest((SELECT terms FROM given), (SELECT weights FROM given)) AS q (term, weight)
  LEFT JOIN {s}.lexical_terms AS t ON t.term = q.term),
weighed AS MATERIALIZED (
  SELECT term, weight, df, n, ln(1 + (n - df + 0.5) / (df + 0.5)) AS idf FROM query_terms),
known_terms AS MATERIALIZED (
  SELECT term, weight * idf AS weight, n, row_number() OVER rarest AS nth, sum(df) OVER rarest AS total
  FROM weighed WHERE df > 0 WINDOW rarest AS (ORDER BY df, term ROWS UNBOUNDED PRECEDING)),
wanted AS MATERIALIZED (  -- candidates hold one of the rarest terms: at least two, then while there are not too many rows
  SELECT array_agg(term) FILTER (WHERE nth <= 2 OR total <= greatest(2000, least(20000, n / 16))) AS rare,
         ('{{' || string_agg((term + 1)::text || ':' || weight::float4::text, ',') || '}}/1000000000')::{v}.sparsevec AS weights
  FROM known_terms),
eligible AS (
  SELECT c.id FROM {s}.code_chunks AS c
  JOIN {s}.code_files AS f ON f.id = c.file_id
  JOIN {s}.repositories AS r ON r.id = f.repository_id
  WHERE ($6::text IS NULL OR r.name = ANY ($6::text::text[]))
    AND ($7::text IS NULL OR f.language = ANY ($7::text::text[]))
    AND ($8::text IS NULL OR f.path ~ ANY ($8::text::text[]))
    AND ($9::text IS NULL OR NOT f.roles && $9::text::text[])
    AND ($10::text IS NULL OR f.roles && $10::text::text[])),
lexical AS MATERIALIZED (
  SELECT t.chunk_id, t.impacts OPERATOR({v}.<#>) (SELECT weights FROM wanted) AS distance
  FROM {s}.chunk_terms AS t
  WHERE t.terms && (SELECT rare FROM wanted) AND t.chunk_id IN (SELECT id FROM eligible)
  ORDER BY distance, t.chunk_id LIMIT {rows}),
dense AS MATERIALIZED (
  SELECT e.chunk_id, e.embedding OPERATOR({v}.<#>) (SELECT vector FROM given) AS distance
  FROM {s}.chunk_embeddings AS e
  WHERE e.chunk_id IN (SELECT id FROM eligible)  -- + 0: an approximate index returns the nearest of all, and too few that pass
  ORDER BY (e.embedding OPERATOR({v}.<#>) (SELECT vector FROM given)) + 0, e.chunk_id LIMIT {rows}),
named AS MATERIALIZED (
  SELECT DISTINCT y.chunk_id FROM {s}.symbols AS y
  WHERE y.name_folded = ANY ((SELECT names FROM given)::text[]) AND y.chunk_id IN (SELECT id FROM eligible)
  ORDER BY y.chunk_id LIMIT 2 * {rows}),
tailed AS MATERIALIZED (
  SELECT c.id AS chunk_id FROM {s}.code_files AS f
  JOIN {s}.code_chunks AS c ON c.file_id = f.id AND c.ordinal = 0
  WHERE (SELECT tails FROM given) <> '{{}}' AND EXISTS (
      SELECT FROM unnest((SELECT tails FROM given)) AS p (tail) WHERE f.path = tail OR right(f.path, length(tail) + 1) = '/' || tail)
    AND c.id IN (SELECT id FROM eligible)
  ORDER BY c.id LIMIT {rows}),
found AS MATERIALIZED (  -- with the score that its arm has computed
  SELECT chunk_id, string_agg(arm, ' ' ORDER BY arm) AS arms, max(dense) AS dense, max(lexical) AS lexical
  FROM (SELECT chunk_id, 'lexical' AS arm, NULL::float8 AS dense, distance AS lexical FROM lexical
        UNION ALL SELECT chunk_id, 'dense', distance, NULL FROM dense WHERE distance IS NOT NULL
        UNION ALL SELECT chunk_id, 'symbol', NULL, NULL FROM named
        UNION ALL SELECT chunk_id, 'path', NULL, NULL FROM tailed) AS arms
  GROUP BY chunk_id)
SELECT (SELECT coalesce(json_object_agg(term, idf), '{{}}') FROM weighed)::text AS idf,
       (SELECT coalesce(json_agg(json_build_array(r.name, r.identity, r.root, r.machine, r.commit, r.indexed_at, (
            SELECT l.holder FROM {s}.index_runs AS n, {s}.writer_lease AS l
            WHERE n.repository_id = r.id{of_main} AND n.outcome = 'running' AND n.fence = l.fence AND l.expires_at > now() LIMIT 1))), '[]')
        FROM {s}.repositories AS r)::text AS repositories,
       m.generation, m.chunks,
       -- from here on a candidate, by position
       NULL::bigint AS id, NULL AS arms, NULL AS repository, NULL AS path, NULL AS language, NULL AS roles, NULL AS start_line,
       NULL AS end_line, NULL AS start_byte, NULL AS end_byte, NULL AS kind, NULL AS scope, NULL AS dense, NULL AS lexical, NULL AS symbols
FROM {s}.manifest AS m
UNION ALL
SELECT NULL, NULL, NULL, NULL, c.id, o.arms, r.name, f.path, f.language, array_to_string(f.roles, ' '),
       c.start_line, c.end_line, c.start_byte, c.end_byte, c.kind, c.scope,
       -coalesce(o.dense, (SELECT e.embedding OPERATOR({v}.<#>) (SELECT vector FROM given)
                           FROM {s}.chunk_embeddings AS e WHERE e.chunk_id = c.id)),
       -coalesce(o.lexical, (SELECT t.impacts OPERATOR({v}.<#>) (SELECT weights FROM wanted)
                             FROM {s}.chunk_terms AS t WHERE t.chunk_id = c.id)),
       CASE WHEN (SELECT names FROM given) <> '{{}}' THEN (
         SELECT json_agg(json_build_array(y.name, y.kind, y.qualified_name, y.line, {end_line}, y.local, y.weak) ORDER BY y.ordinal)::text
         FROM {s}.symbols AS y WHERE y.chunk_id = c.id AND y.name_folded = ANY ((SELECT names FROM given)::text[])) END
FROM found AS o
JOIN {s}.code_chunks AS c ON c.id = o.chunk_id
LEFT JOIN LATERAL (SELECT * FROM {s}.code_files AS g WHERE g.id = c.file_id OFFSET 0) AS f ON true  -- never by reading all files
LEFT JOIN {s}.repositories AS r ON r.id = f.repository_id
-- For at most {chunks} chunks: the text changes with the size, so that the plan that PostgreSQL keeps was made for half as many at least.
