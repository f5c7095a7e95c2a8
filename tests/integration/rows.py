"""What a project holds, without ids and times: two indexes of the same tree must agree on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_postgres.sql.identifiers import quote

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from codebase_core.app import App

_QUERIES = {
    "files": "SELECT path, size, mtime_ns, content_hash, pipeline, skip_reason, language, roles, bytes_chunked "
    "FROM {s}.code_files ORDER BY path",
    "chunks": "SELECT f.path, c.ordinal, c.start_line, c.end_line, c.start_byte, c.end_byte, c.kind, c.scope, c.text, "
    "e.embedding::text, t.terms, t.impacts::text FROM {s}.code_chunks c JOIN {s}.code_files f ON f.id = c.file_id "
    "LEFT JOIN {s}.chunk_embeddings e ON e.chunk_id = c.id LEFT JOIN {s}.chunk_terms t ON t.chunk_id = c.id "
    "ORDER BY f.path, c.ordinal",
    "symbols": "SELECT f.path, c.ordinal, y.ordinal AS nth, y.name, y.kind, y.qualified_name, y.line, y.end_line, "
    "y.local, y.weak "
    "FROM {s}.symbols y JOIN {s}.code_chunks c ON c.id = y.chunk_id JOIN {s}.code_files f ON f.id = c.file_id "
    "ORDER BY f.path, c.ordinal, y.ordinal",
    "terms": "SELECT term, chunks FROM {s}.lexical_terms ORDER BY term",
    "manifest": "SELECT chunks FROM {s}.manifest",
}


async def rows(app: App, project: Project) -> dict[str, list[tuple[object, ...]]]:
    """Read everything that a search could see."""
    place = project.binding.location
    store = await app.open(project)
    async with store._pool.acquire(place["database"]) as connection:
        return {
            name: [tuple(row) for row in await connection.fetch(sql.replace("{s}", quote(place["schema"])))]
            for name, sql in _QUERIES.items()
        }
