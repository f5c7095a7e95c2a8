-- 0004: other checkouts than the main one of a repository. Earlier versions would delete what only these see: they are kept out.

CREATE TABLE {s}.checkouts (  -- others than the main one of a repository, which sees what is in the tables above
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- never used again
  repository_id int NOT NULL REFERENCES {s}.repositories ON DELETE CASCADE,
  machine uuid NOT NULL,
  root text NOT NULL,
  commit text,
  indexed_at timestamptz,
  hidden_files bigint[] NOT NULL DEFAULT '{{}}',  -- what the main checkout sees and this one does not
  hidden_chunks bigint[] NOT NULL DEFAULT '{{}}',
  seen_files bigint[] NOT NULL DEFAULT '{{}}',  -- what this one sees of what is aside
  seen_chunks bigint[] NOT NULL DEFAULT '{{}}',
  UNIQUE (repository_id, machine, root));
ALTER TABLE {s}.index_runs ADD COLUMN checkout_id int REFERENCES {s}.checkouts ON DELETE CASCADE;  -- NULL: the main one

-- Versions aside: files that only other checkouts than the main one see, with ids from the same sequences.
CREATE TABLE {s}.aside_files (LIKE {s}.code_files INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id),
  FOREIGN KEY (repository_id) REFERENCES {s}.repositories ON DELETE CASCADE);
CREATE INDEX aside_files_path ON {s}.aside_files (repository_id, path);
CREATE TABLE {s}.aside_chunks (LIKE {s}.code_chunks INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id), UNIQUE (file_id, ordinal),
  FOREIGN KEY (file_id) REFERENCES {s}.aside_files ON DELETE CASCADE);
CREATE TABLE {s}.aside_embeddings (LIKE {s}.chunk_embeddings INCLUDING STORAGE, PRIMARY KEY (chunk_id),
  FOREIGN KEY (chunk_id) REFERENCES {s}.aside_chunks ON DELETE CASCADE);
CREATE TABLE {s}.aside_terms (LIKE {s}.chunk_terms, PRIMARY KEY (chunk_id),
  FOREIGN KEY (chunk_id) REFERENCES {s}.aside_chunks ON DELETE CASCADE);
CREATE TABLE {s}.aside_symbols (LIKE {s}.symbols, PRIMARY KEY (chunk_id, ordinal),
  FOREIGN KEY (chunk_id) REFERENCES {s}.aside_chunks ON DELETE CASCADE);
CREATE INDEX aside_symbols_name ON {s}.aside_symbols (name_folded);
UPDATE {s}.manifest SET min_reader = 4;
