-- The registry, beside whatever else the database holds.

CREATE SCHEMA IF NOT EXISTS codebase_core;

CREATE TABLE codebase_core.projects (
  id uuid PRIMARY KEY,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
  name_key text NOT NULL,
  description text,
  store text NOT NULL,
  server text NOT NULL,
  location jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('provisioning', 'active', 'dropping', 'failed')),
  tags text[] NOT NULL DEFAULT '{{}}',
  metadata jsonb NOT NULL DEFAULT '{{}}',
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL,
  deleted_at timestamptz);
CREATE UNIQUE INDEX projects_live_name ON codebase_core.projects (name_key) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX projects_binding ON codebase_core.projects (store, server, location);  -- deleted rows still own theirs
CREATE INDEX projects_created ON codebase_core.projects (created_at DESC, id);

CREATE TABLE codebase_core.checkouts (
  project_id uuid NOT NULL REFERENCES codebase_core.projects ON DELETE CASCADE,
  machine uuid NOT NULL,
  root text COLLATE "C" NOT NULL,
  identity text COLLATE "C" NOT NULL,
  home boolean NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project_id, machine, root));
CREATE UNIQUE INDEX checkouts_home ON codebase_core.checkouts (machine, root) WHERE home;

CREATE TABLE codebase_core.project_events (  -- no foreign key: the trail outlives a purge
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{{}}');
CREATE INDEX project_events_project ON codebase_core.project_events (project_id, id);

CREATE TABLE codebase_core.tokens (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  name_key text NOT NULL,
  digest text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('search', 'index', 'admin')),
  projects uuid[] NOT NULL,
  tags text[] NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz);
CREATE UNIQUE INDEX tokens_name ON codebase_core.tokens (name_key);
CREATE UNIQUE INDEX tokens_digest ON codebase_core.tokens (digest);
