-- Who may ask a server: the digests of tokens.

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
