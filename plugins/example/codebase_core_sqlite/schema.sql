-- A project's index. Ids of chunks are never used again: whoever kept one finds nothing, never something else.
CREATE TABLE manifest (
  project TEXT NOT NULL, generation INTEGER NOT NULL, format INTEGER NOT NULL, tokenizer TEXT NOT NULL, field_lengths TEXT NOT NULL,
  embedder TEXT, embedder_options TEXT NOT NULL);

CREATE TABLE repositories (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, identity TEXT NOT NULL, root TEXT NOT NULL, machine TEXT NOT NULL,
  commit_id TEXT, indexed_at TEXT);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, repository INTEGER NOT NULL REFERENCES repositories, scope TEXT NOT NULL, commit_id TEXT,
  holder TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT, outcome TEXT NOT NULL, detail TEXT NOT NULL);

CREATE TABLE files (
  id INTEGER PRIMARY KEY, repository INTEGER NOT NULL REFERENCES repositories, path TEXT NOT NULL, size INTEGER NOT NULL,
  mtime_ns INTEGER NOT NULL, content_hash BLOB NOT NULL, pipeline TEXT NOT NULL, skipped TEXT, fallback TEXT, language TEXT,
  encoding TEXT, inode INTEGER NOT NULL DEFAULT 0, ctime_ns INTEGER NOT NULL DEFAULT 0,
  roles TEXT NOT NULL, bytes INTEGER NOT NULL, UNIQUE (repository, path));

CREATE TABLE chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, file INTEGER NOT NULL REFERENCES files ON DELETE CASCADE, ordinal INTEGER NOT NULL,
  start_line INTEGER NOT NULL, end_line INTEGER NOT NULL, start_byte INTEGER NOT NULL, end_byte INTEGER NOT NULL,
  kind TEXT NOT NULL, scope TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX chunks_file ON chunks (file, ordinal);

CREATE TABLE vectors (chunk INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE, vector BLOB NOT NULL);

CREATE TABLE postings (
  term TEXT NOT NULL, chunk INTEGER NOT NULL REFERENCES chunks ON DELETE CASCADE, impact REAL NOT NULL, PRIMARY KEY (term, chunk))
  WITHOUT ROWID;
CREATE INDEX postings_chunk ON postings (chunk);

CREATE TABLE symbols (
  chunk INTEGER NOT NULL REFERENCES chunks ON DELETE CASCADE, ordinal INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  kind TEXT NOT NULL, qualified_name TEXT NOT NULL, line INTEGER NOT NULL, end_line INTEGER, local INTEGER NOT NULL,
  weak INTEGER NOT NULL, PRIMARY KEY (chunk, ordinal)) WITHOUT ROWID;
CREATE INDEX symbols_folded ON symbols (folded);
