-- name: passages
-- Text, symbols and file of chunks by id, and the definition of the chunk's scope with the chunk in which it begins; the generation comes with every row, and with one row if no id is known.
-- The planner takes one row of ids for one row; of the manifest, which is never analysed, it expects hundreds.
SELECT (SELECT generation FROM {s}.manifest) AS generation, c.id, c.text,
       {state},
       (SELECT json_agg(json_build_array(y.name, y.kind, y.qualified_name, y.line, {end_line}, y.local, y.weak) ORDER BY y.ordinal)::text
        FROM {symbols} AS y WHERE y.chunk_id = c.id) AS symbols,
       (SELECT json_build_array(d.start_line, d.text, json_build_array(
                 y.name, y.kind, y.qualified_name, y.line, {end_line}, y.local, y.weak))::text
        FROM {chunks} AS d JOIN {symbols} AS y ON y.chunk_id = d.id
        WHERE c.scope <> '' AND d.file_id = c.file_id AND d.ordinal < c.ordinal AND y.qualified_name = c.scope
          AND coalesce({end_line}, c.start_line) >= c.start_line
        ORDER BY y.line DESC LIMIT 1) AS opening
FROM (SELECT $1::text::bigint[] AS ids OFFSET 0) AS wanted
LEFT JOIN ({chunks} AS c JOIN {files} AS f ON f.id = c.file_id{sees}) ON c.id = ANY (wanted.ids)

-- name: files
-- Whole files by repository and path, a row a chunk; a file without chunks has one row without one.
SELECT r.name AS repository, {state},
       f.language, array_to_string(f.roles, ' ') AS roles, c.id, c.start_line, c.end_line, c.start_byte, c.end_byte, c.scope, c.text,
       (SELECT json_agg(json_build_array(y.name, y.kind, y.qualified_name, y.line, {end_line}, y.local, y.weak) ORDER BY y.ordinal)::text
        FROM {symbols} AS y WHERE y.chunk_id = c.id) AS symbols
FROM (SELECT DISTINCT * FROM unnest($1::text::text[], $2::text::text[])) AS w (repository, path)
JOIN {s}.repositories AS r ON r.name = w.repository
JOIN {files} AS f ON f.repository_id = r.id AND f.path = w.path{sees}
LEFT JOIN {chunks} AS c ON c.file_id = f.id
ORDER BY r.name, f.path, c.ordinal
