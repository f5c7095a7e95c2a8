-- 0003: which file on disk was read, and in which encoding; known for files that are indexed from now on.

ALTER TABLE {s}.code_files ADD COLUMN encoding text;
ALTER TABLE {s}.code_files ADD COLUMN inode bigint NOT NULL DEFAULT 0;
ALTER TABLE {s}.code_files ADD COLUMN ctime_ns bigint NOT NULL DEFAULT 0;
