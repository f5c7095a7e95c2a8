-- name: server
-- Version, pgvector, and what the role of this session may do.
SELECT current_setting('server_version_num')::int AS version, current_user AS role,
       r.rolcreatedb OR r.rolsuper AS createdb, r.rolsuper AS super,
       has_database_privilege(current_database(), 'CREATE') AS creates,
       (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS vector,
       (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS available,
       (SELECT coalesce(bool_or(trusted), false) FROM pg_available_extension_versions WHERE name = 'vector') AS trusted
FROM pg_roles AS r
WHERE r.rolname = current_user

-- name: connections
-- How many connections the server gives this role.
SELECT least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
             nullif(rolconnlimit, -1))
FROM pg_roles
WHERE rolname = current_user

-- name: create_database
-- Whether the role of this session may create databases.
SELECT rolname AS role, rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user

-- name: create_schema
-- Whether it may create schemas in this database.
SELECT current_user AS role, has_database_privilege(current_database(), 'CREATE') AS may
