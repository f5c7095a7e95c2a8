-- name: vector_schema
-- The schema that pgvector is installed in.
SELECT n.nspname AS schema
FROM pg_extension AS e
JOIN pg_namespace AS n ON n.oid = e.extnamespace
WHERE e.extname = 'vector'

-- name: schema
-- The comment of the schema $1; no row if there is no such schema.
SELECT obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname = $1

-- name: database
-- The comment of the database $1; no row if there is no such database.
SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1

-- name: schemas
-- Schemas that may be those of projects, with their comments.
SELECT nspname AS name, obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname LIKE 'project\_%'

-- name: databases
-- Databases with their comments.
SELECT datname AS name, shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE NOT datistemplate

-- name: tables
-- The tables of the schema $1. A scan of the catalog: to_regclass could still answer from before another process committed.
SELECT tablename AS name FROM pg_catalog.pg_tables WHERE schemaname = $1

-- name: relations
-- How many relations of users this database holds.
SELECT count(*)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'

-- name: columns
-- The columns of the table $1 that hold what was stored, by name.
SELECT attname FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attname

-- name: role
-- The role of this session.
SELECT current_user AS role
