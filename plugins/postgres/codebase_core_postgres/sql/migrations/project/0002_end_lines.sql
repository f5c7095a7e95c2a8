-- 0002: where definitions end; known for files that are indexed from now on.

ALTER TABLE {s}.symbols ADD COLUMN end_line int;
