-- name: retrieve_checkout
-- retrieve.sql for another checkout than the main one: what the main one sees, less what is hidden, and what is seen aside.
-- $6 repositories, $7 languages, $8 path expressions, $9 unwanted roles, $10 wanted roles (NULL: no filter), $11 the
-- checkout.
WITH
hidden AS MATERIALIZED (SELECT unnest(hidden_chunks) AS id FROM {s}.checkouts WHERE id = $11::text::int),
seen AS MATERIALIZED (SELECT unnest(seen_chunks) AS id FROM {s}.checkouts WHERE id = $11::text::int),
given AS MATERIALIZED (  -- out of the planner's sight: so the plan that PostgreSQL keeps is as good as a new one, and saves making it
  SELECT $1::text::int[] AS terms, $2::text::float8[] AS weights, $4::text::text[] AS names, $5::text::text[] AS tails,
         m.chunks - (SELECT count(*) FROM hidden) + (SELECT count(*) FROM seen) AS chunks,
         CASE WHEN m.generation = {generation} THEN $3::text::{v}.halfvec({d}) END AS vector,  -- others are of another model
         set_config('hnsw.ef_search', '1000', true),  -- docs/performance.md: 400 loses whole queries, 1000 costs 2 ms
         set_config('hnsw.iterative_scan', 'strict_order', true)
  FROM {s}.manifest AS m),
held AS MATERIALIZED (  -- of the query's terms: what is hidden counts off, what is seen aside counts on
  SELECT term, sum(counted) AS chunks
  FROM (SELECT unnest(t.terms) AS term, -1 AS counted FROM hidden AS h JOIN {s}.chunk_terms AS t ON t.chunk_id = h.id
        WHERE t.terms && (SELECT terms FROM given)
        UNION ALL
        SELECT unnest(t.terms), 1 FROM seen AS k JOIN {s}.aside_terms AS t ON t.chunk_id = k.id
        WHERE t.terms && (SELECT terms FROM given)) AS differing
  WHERE term = ANY ((SELECT terms FROM given)::int[])
  GROUP BY term),
query_terms AS MATERIALIZED (
  SELECT q.term, q.weight, (coalesce(t.chunks, 0) + coalesce(h.chunks, 0))::bigint AS df, (SELECT chunks FROM given) AS n
  FROM unnest((SELECT terms FROM given), (SELECT weights FROM given)) AS q (term, weight)
  LEFT JOIN {s}.lexical_terms AS t ON t.term = q.term
  LEFT JOIN held AS h ON h.term = q.term),
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
  SELECT c.id FROM {chunks} AS c
  JOIN {files} AS f ON f.id = c.file_id
  JOIN {s}.repositories AS r ON r.id = f.repository_id
  WHERE ($6::text IS NULL OR r.name = ANY ($6::text::text[]))
    AND ($7::text IS NULL OR f.language = ANY ($7::text::text[]))
    AND ($8::text IS NULL OR f.path ~ ANY ($8::text::text[]))
    AND ($9::text IS NULL OR NOT f.roles && $9::text::text[])
    AND ($10::text IS NULL OR f.roles && $10::text::text[])),
lexical AS MATERIALIZED (
  SELECT * FROM (
    (SELECT chunk_id, impacts OPERATOR({v}.<#>) (SELECT weights FROM wanted) AS distance
     FROM {s}.chunk_terms
     WHERE terms && (SELECT rare FROM wanted) AND chunk_id NOT IN (SELECT id FROM hidden){among}
     ORDER BY distance, chunk_id LIMIT {rows})
    UNION ALL
    (SELECT chunk_id, impacts OPERATOR({v}.<#>) (SELECT weights FROM wanted) AS distance
     FROM {s}.aside_terms
     WHERE terms && (SELECT rare FROM wanted) AND chunk_id IN (SELECT id FROM seen){among}
     ORDER BY distance, chunk_id LIMIT {rows})) AS both_sides
  ORDER BY distance, chunk_id LIMIT {rows}),
dense AS MATERIALIZED (
  SELECT * FROM (
    (SELECT chunk_id, embedding OPERATOR({v}.<#>) (SELECT vector FROM given) AS distance
     FROM {s}.chunk_embeddings
     WHERE chunk_id NOT IN (SELECT id FROM hidden){among}
     ORDER BY {nearest}, chunk_id LIMIT {rows})
    UNION ALL
    (SELECT chunk_id, embedding OPERATOR({v}.<#>) (SELECT vector FROM given) AS distance
     FROM {s}.aside_embeddings
     WHERE chunk_id IN (SELECT id FROM seen){among}
     ORDER BY distance, chunk_id LIMIT {rows})) AS both_sides
  ORDER BY distance, chunk_id LIMIT {rows}),
named AS MATERIALIZED (
  SELECT DISTINCT chunk_id FROM (
    SELECT chunk_id FROM {s}.symbols
    WHERE name_folded = ANY ((SELECT names FROM given)::text[]) AND chunk_id NOT IN (SELECT id FROM hidden){among}
    UNION ALL
    SELECT chunk_id FROM {s}.aside_symbols
    WHERE name_folded = ANY ((SELECT names FROM given)::text[]) AND chunk_id IN (SELECT id FROM seen){among}) AS both_sides
  ORDER BY chunk_id LIMIT 2 * {rows}),
tailed AS MATERIALIZED (
  SELECT chunk_id FROM (
    SELECT c.id AS chunk_id, f.path FROM {s}.code_files AS f JOIN {s}.code_chunks AS c ON c.file_id = f.id AND c.ordinal = 0
    WHERE c.id NOT IN (SELECT id FROM hidden)
    UNION ALL
    SELECT c.id, f.path FROM {s}.aside_files AS f JOIN {s}.aside_chunks AS c ON c.file_id = f.id AND c.ordinal = 0
    WHERE c.id IN (SELECT id FROM seen)) AS both_sides
  WHERE (SELECT tails FROM given) <> '{{}}' AND EXISTS (
      SELECT FROM unnest((SELECT tails FROM given)) AS p (tail) WHERE path = tail OR right(path, length(tail) + 1) = '/' || tail){among}
  ORDER BY chunk_id LIMIT {rows}),
found AS MATERIALIZED (  -- with the score that its arm has computed
  SELECT chunk_id, string_agg(arm, ' ' ORDER BY arm) AS arms, max(dense) AS dense, max(lexical) AS lexical
  FROM (SELECT chunk_id, 'lexical' AS arm, NULL::float8 AS dense, distance AS lexical FROM lexical
        UNION ALL SELECT chunk_id, 'dense', distance, NULL FROM dense WHERE distance IS NOT NULL
        UNION ALL SELECT chunk_id, 'symbol', NULL, NULL FROM named
        UNION ALL SELECT chunk_id, 'path', NULL, NULL FROM tailed) AS arms
  GROUP BY chunk_id)
SELECT (SELECT coalesce(json_object_agg(term, idf), '{{}}') FROM weighed)::text AS idf,
       (SELECT coalesce(json_agg(json_build_array(
            r.name, r.identity, coalesce(k.root, r.root), coalesce(k.machine, r.machine),
            CASE WHEN k.id IS NULL THEN r.commit ELSE k.commit END, CASE WHEN k.id IS NULL THEN r.indexed_at ELSE k.indexed_at END, (
            SELECT l.holder FROM {s}.index_runs AS n, {s}.writer_lease AS l
            WHERE n.repository_id = r.id AND n.checkout_id IS NOT DISTINCT FROM k.id
              AND n.outcome = 'running' AND n.fence = l.fence AND l.expires_at > now() LIMIT 1), k.id IS NULL)), '[]')
        FROM {s}.repositories AS r
        LEFT JOIN {s}.checkouts AS k ON k.repository_id = r.id AND k.id = $11::text::int)::text AS repositories,
       m.generation, (SELECT chunks FROM given) AS chunks,
       -- from here on a candidate, by position
       NULL::bigint AS id, NULL AS arms, NULL AS repository, NULL AS path, NULL AS language, NULL AS roles, NULL AS start_line,
       NULL AS end_line, NULL AS start_byte, NULL AS end_byte, NULL AS kind, NULL AS scope, NULL AS dense, NULL AS lexical, NULL AS symbols
FROM {s}.manifest AS m
JOIN {s}.checkouts AS k ON k.id = $11::text::int
UNION ALL
SELECT NULL, NULL, NULL, NULL, c.id, o.arms, r.name, f.path, f.language, array_to_string(f.roles, ' '),
       c.start_line, c.end_line, c.start_byte, c.end_byte, c.kind, c.scope,
       -coalesce(o.dense, (SELECT e.embedding OPERATOR({v}.<#>) (SELECT vector FROM given)
                           FROM (SELECT * FROM {s}.chunk_embeddings UNION ALL SELECT * FROM {s}.aside_embeddings) AS e WHERE e.chunk_id = c.id)),
       -coalesce(o.lexical, (SELECT t.impacts OPERATOR({v}.<#>) (SELECT weights FROM wanted)
                             FROM (SELECT * FROM {s}.chunk_terms UNION ALL SELECT * FROM {s}.aside_terms) AS t WHERE t.chunk_id = c.id)),
       CASE WHEN (SELECT names FROM given) <> '{{}}' THEN (
         SELECT json_agg(json_build_array(y.name, y.kind, y.qualified_name, y.line, {end_line}, y.local, y.weak) ORDER BY y.ordinal)::text
         FROM {symbols} AS y WHERE y.chunk_id = c.id AND y.name_folded = ANY ((SELECT names FROM given)::text[])) END
FROM found AS o
JOIN {chunks} AS c ON c.id = o.chunk_id
LEFT JOIN LATERAL (SELECT * FROM {files} AS g WHERE g.id = c.file_id OFFSET 0) AS f ON true  -- never by reading all files
LEFT JOIN {s}.repositories AS r ON r.id = f.repository_id
-- For at most {about} chunks: the text changes with the size, so that the plan that PostgreSQL keeps was made for half as many at least.
