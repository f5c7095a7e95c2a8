-- name: page
-- Known files of the repository $1 after the path $2.
SELECT {state}
FROM {files} AS f
JOIN {s}.repositories AS r ON r.id = f.repository_id
WHERE r.name = $1 AND f.path > $2{sees}
ORDER BY f.path
LIMIT {rows}

-- name: page_under
-- The same in the folder $3, or of the file $3. A folder and its contents lie between its name and its name with the byte
-- after the slash.
SELECT {state}
FROM {files} AS f
JOIN {s}.repositories AS r ON r.id = f.repository_id
WHERE r.name = $1 AND f.path > $2{sees}
  AND f.path >= $3 AND f.path < $3 || '0' AND (f.path = $3 OR starts_with(f.path, $3 || '/'))
ORDER BY f.path
LIMIT {rows}

-- name: skipped
-- Files that are not indexed as they should be, after the repository $1 and the path $2.
SELECT r.name, {state}
FROM {files} AS f
JOIN {s}.repositories AS r ON r.id = f.repository_id
WHERE (f.skip_reason IS NOT NULL OR f.fallback IS NOT NULL OR {read_otherwise}) AND (r.name, f.path) > ($1, $2){sees}
ORDER BY r.name, f.path
LIMIT {rows}

-- name: versions
-- The paths $2 of files of the repository $1 that are stored with the contents $3, pipelines $4 and skip reasons $5.
SELECT w.path
FROM unnest($2::text[], $3::bytea[], $4::text[], $5::text[]) AS w (path, content_hash, pipeline, skip_reason)
JOIN {s}.repositories AS r ON r.name = $1
WHERE EXISTS (
  SELECT FROM {stored} AS f
  WHERE f.repository_id = r.id AND f.path = w.path AND f.content_hash = w.content_hash AND f.pipeline = w.pipeline
    AND f.skip_reason IS NOT DISTINCT FROM w.skip_reason)
