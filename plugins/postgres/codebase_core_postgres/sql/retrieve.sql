-- Candidates of every arm with both scores, one snapshot. The first row carries idf and repositories, also if it is the only one.
-- $1 terms, $2 their weights, $3 query vector, $4 folded names, $5 path tails, $6 rows an arm,
-- $7 repositories, $8 languages, $9 path expressions, $10 unwanted roles (NULL: no filter).
-- All as text: a new connection would look up array types first (7 ms).
WITH
query_terms AS MATERIALIZED (
  SELECT q.term, q.weight, coalesce(t.chunks, 0) AS df, m.chunks AS n,
         ln(1 + (m.chunks - coalesce(t.chunks, 0) + 0.5) / (coalesce(t.chunks, 0) + 0.5)) AS idf
  FROM unnest($1::text::int[], $2::text::float8[]) AS q (term, weight)
  CROSS JOIN {s}.manifest AS m
  LEFT JOIN {s}.lexical_terms AS t ON t.term = q.term),
known_terms AS MATERIALIZED (
  SELECT term, weight * idf AS weight, n, row_number() OVER rarest AS nth, sum(df) OVER rarest AS total
  FROM query_terms WHERE df > 0 WINDOW rarest AS (ORDER BY df, term ROWS UNBOUNDED PRECEDING)),
wanted AS MATERIALIZED (  -- candidates hold one of the rarest terms: at least two, then while there are not too many rows
  SELECT array_agg(term) FILTER (WHERE nth <= 2 OR total <= greatest(2000, least(20000, n / 16))) AS rare,
         ('{' || string_agg((term + 1)::text || ':' || weight::float4::text, ',') || '}/1000000000')::{v}.sparsevec AS weights,
         (SELECT $3::text::{v}.halfvec({d}) FROM {s}.manifest WHERE generation = /*generation*/) AS vector,  -- other vectors are of another model
         set_config('hnsw.ef_search', '1000', true),  -- docs/performance.md: 400 loses whole queries, 1000 costs 2 ms
         set_config('hnsw.iterative_scan', 'strict_order', true)
  FROM known_terms),
eligible AS (
  SELECT c.id FROM {s}.code_chunks AS c
  JOIN {s}.code_files AS f ON f.id = c.file_id
  JOIN {s}.repositories AS r ON r.id = f.repository_id
  WHERE ($7::text IS NULL OR r.name = ANY ($7::text::text[]))
    AND ($8::text IS NULL OR f.language = ANY ($8::text::text[]))
    AND ($9::text IS NULL OR f.path ~ ANY ($9::text::text[]))
    AND ($10::text IS NULL OR NOT f.roles && $10::text::text[])),
lexical AS MATERIALIZED (
  SELECT t.chunk_id FROM {s}.chunk_terms AS t
  WHERE t.terms && (SELECT rare FROM wanted) /*filter t.chunk_id*/
  ORDER BY t.impacts OPERATOR({v}.<#>) (SELECT weights FROM wanted), t.chunk_id LIMIT $6::int),
dense AS MATERIALIZED (
  SELECT e.chunk_id FROM {s}.chunk_embeddings AS e
  WHERE $3::text IS NOT NULL /*filter e.chunk_id*/
  ORDER BY (e.embedding OPERATOR({v}.<#>) (SELECT vector FROM wanted)) /*exact*/, e.chunk_id LIMIT $6::int),
named AS MATERIALIZED (
  SELECT DISTINCT y.chunk_id FROM {s}.symbols AS y
  WHERE y.name_folded = ANY ($4::text::text[]) /*filter y.chunk_id*/
  ORDER BY y.chunk_id LIMIT 2 * $6::int),
tailed AS MATERIALIZED (
  SELECT c.id AS chunk_id FROM {s}.code_files AS f
  JOIN {s}.code_chunks AS c ON c.file_id = f.id AND c.ordinal = 0
  WHERE $5::text <> '{}' AND EXISTS (SELECT FROM unnest($5::text::text[]) AS p (tail) WHERE f.path = tail OR right(f.path, length(tail) + 1) = '/' || tail)
    /*filter c.id*/
  ORDER BY c.id LIMIT $6::int),
found AS MATERIALIZED (
  SELECT chunk_id, string_agg(arm, ' ' ORDER BY arm) AS arms
  FROM (SELECT chunk_id, 'lexical' AS arm FROM lexical UNION ALL SELECT chunk_id, 'dense' FROM dense
        UNION ALL SELECT chunk_id, 'symbol' FROM named UNION ALL SELECT chunk_id, 'path' FROM tailed) AS arms
  GROUP BY chunk_id),
candidates AS (
  SELECT row_number() OVER () AS nth, f.id, f.arms, f.file_id, f.start_line, f.end_line, f.start_byte, f.end_byte, f.kind, f.scope,
         -(e.embedding OPERATOR({v}.<#>) (SELECT vector FROM wanted)) AS dense,
         -(t.impacts OPERATOR({v}.<#>) (SELECT weights FROM wanted)) AS lexical
  FROM (SELECT c.id, o.arms, c.file_id, c.start_line, c.end_line, c.start_byte, c.end_byte, c.kind, c.scope
        FROM found AS o JOIN {s}.code_chunks AS c ON c.id = o.chunk_id) AS f
  LEFT JOIN {s}.chunk_embeddings AS e ON e.chunk_id = f.id
  LEFT JOIN {s}.chunk_terms AS t ON t.chunk_id = f.id),
meta AS MATERIALIZED (
  SELECT (SELECT generation FROM {s}.manifest) AS generation,
         (SELECT coalesce(json_object_agg(term, idf), '{}') FROM query_terms)::text AS idf,
         (SELECT coalesce(json_agg(json_build_array(r.name, r.identity, r.root, r.machine, r.commit, r.indexed_at, EXISTS (
              SELECT FROM {s}.index_runs AS n, {s}.writer_lease AS l
              WHERE n.repository_id = r.id AND n.outcome = 'running' AND n.fence = l.fence AND l.expires_at > now()))), '[]')
          FROM {s}.repositories AS r)::text AS repositories)
SELECT CASE WHEN c.nth IS NULL OR c.nth = 1 THEN m.idf END AS idf,
       CASE WHEN c.nth IS NULL OR c.nth = 1 THEN m.repositories END AS repositories, m.generation,
       -- from here on a candidate, by position
       c.id, c.arms, r.name AS repository, f.path, f.language, array_to_string(f.roles, ' ') AS roles,
       c.start_line, c.end_line, c.start_byte, c.end_byte, c.kind, c.scope, c.dense, c.lexical,
       CASE WHEN $4::text <> '{}' THEN (
         SELECT /*symbols*/ FROM {s}.symbols AS y WHERE y.chunk_id = c.id AND y.name_folded = ANY ($4::text::text[])) END AS symbols
FROM meta AS m
LEFT JOIN candidates AS c ON true
LEFT JOIN LATERAL (SELECT * FROM {s}.code_files AS g WHERE g.id = c.file_id OFFSET 0) AS f ON true  -- never by reading all files
LEFT JOIN {s}.repositories AS r ON r.id = f.repository_id
ORDER BY c.nth
