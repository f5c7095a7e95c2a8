"""What must not be left in a project's tables: lists of what is gone, and versions that nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codebase_core_postgres.sql.identifiers import quote

if TYPE_CHECKING:
    from codebase_core_hookspecs import Project

    from codebase_core.app import App

_ORPHANS = {
    "versions aside that nobody sees": "SELECT count(*) FROM {s}.aside_files AS f "
    "WHERE NOT EXISTS (SELECT FROM {s}.checkouts AS k WHERE f.id = ANY (k.seen_files))",
    "hidden files that are gone": "SELECT count(*) FROM {s}.checkouts AS k, unnest(k.hidden_files) AS x "
    "WHERE NOT EXISTS (SELECT FROM {s}.code_files AS f WHERE f.id = x AND f.repository_id = k.repository_id)",
    "seen files that are gone": "SELECT count(*) FROM {s}.checkouts AS k, unnest(k.seen_files) AS x "
    "WHERE NOT EXISTS (SELECT FROM {s}.aside_files AS f WHERE f.id = x AND f.repository_id = k.repository_id)",
    "hidden chunks that are not those of hidden files": "SELECT count(*) FROM {s}.checkouts AS k WHERE "
    "(SELECT coalesce(array_agg(x ORDER BY x), '{}') FROM unnest(k.hidden_chunks) AS x) <> "
    "(SELECT coalesce(array_agg(c.id ORDER BY c.id), '{}') FROM {s}.code_chunks AS c WHERE c.file_id = ANY (k.hidden_files))",
    "seen chunks that are not those of seen files": "SELECT count(*) FROM {s}.checkouts AS k WHERE "
    "(SELECT coalesce(array_agg(x ORDER BY x), '{}') FROM unnest(k.seen_chunks) AS x) <> "
    "(SELECT coalesce(array_agg(c.id ORDER BY c.id), '{}') FROM {s}.aside_chunks AS c WHERE c.file_id = ANY (k.seen_files))",
    "paths that a checkout sees twice": "SELECT count(*) FROM {s}.checkouts AS k JOIN {s}.aside_files AS a "
    "ON a.id = ANY (k.seen_files) WHERE EXISTS (SELECT FROM {s}.code_files AS f "
    "WHERE f.repository_id = a.repository_id AND f.path = a.path AND f.id <> ALL (k.hidden_files))",
    "frequencies of terms that are not exact": "SELECT count(*) FROM {s}.lexical_terms AS l FULL JOIN "
    "(SELECT term, count(*) AS chunks FROM {s}.chunk_terms AS t, unnest(t.terms) AS term GROUP BY term) AS c USING (term) "
    "WHERE l.chunks IS DISTINCT FROM c.chunks",
    "chunks that are not counted": "SELECT (SELECT chunks FROM {s}.manifest) - (SELECT count(*) FROM {s}.code_chunks)",
}
_ASIDE = {
    name: f"SELECT count(*) FROM {{s}}.{name}" for name in ("checkouts", "aside_files", "aside_chunks", "aside_terms")
}


async def orphans(app: App, project: Project, *, aside: bool = False) -> dict[str, int]:
    """Return how much is left of what must not be, by what it is; ``aside``: neither may anything of other checkouts."""
    place = project.binding.location
    store = await app.open(project)
    wanted = {**_ORPHANS, **(_ASIDE if aside else {})}
    async with store._pool.acquire(place["database"]) as connection:
        found = {
            name: await connection.fetchval(sql.replace("{s}", quote(place["schema"]))) for name, sql in wanted.items()
        }
    return {name: count for name, count in found.items() if count}
