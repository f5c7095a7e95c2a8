-- name: definitions
-- Definitions with names from $1 to $2 (folded) that are like $11, strong and global ones first.
-- $3 kinds, $4 repositories, $5 languages, $6 path expressions, $7 unwanted and $8 wanted roles (NULL: no filter), $9 limit,
-- $10 more names.
SELECT r.name AS repository, f.path, array_to_string(f.roles, ' ') AS roles,
       json_build_array(y.name, y.kind, y.qualified_name, y.line, {end_line}, y.local, y.weak)::text AS symbol
FROM {symbols} AS y
{defined_in}
JOIN {s}.repositories AS r ON r.id = f.repository_id
WHERE (y.name_folded BETWEEN $1::text AND $2::text AND y.name_folded LIKE $11::text
       OR y.name_folded = ANY ($10::text::text[]))
  AND ($3::text IS NULL OR y.kind = ANY ($3::text::text[]))
  AND ($4::text IS NULL OR r.name = ANY ($4::text::text[]))
  AND ($5::text IS NULL OR f.language = ANY ($5::text::text[]))
  AND ($6::text IS NULL OR f.path ~ ANY ($6::text::text[]))
  AND ($7::text IS NULL OR NOT f.roles && $7::text::text[])
  AND ($8::text IS NULL OR f.roles && $8::text::text[])
ORDER BY y.weak, y.local, r.name, f.path, y.line, y.ordinal
LIMIT $9::int
