"""One of many processes that change one registry: ``python -m tests.integration.registry_worker ACTIONS SEED``."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter

from codebase_core.app import App
from codebase_core.errors import NameTaken, ProjectNotFound

NAMES = [f"project {number}" for number in range(12)]
SHARED = "shared"


async def work(actions: int, seed: int) -> dict[str, object]:
    """Try so many changes; return what was acknowledged: the tags on the shared project, and counts."""
    chosen = random.Random(seed)
    done: Counter[str] = Counter()
    tags: list[str] = []
    async with App() as app:
        projects = await app.projects()
        shared = await app.find(SHARED)
        for _ in range(actions):
            action = chosen.choice(["create", "rename", "delete", "purge", "tag", "tag"])
            try:
                if action == "tag":
                    tag = f"{seed}-{len(tags)}"
                    await projects.tag(shared, add=[tag])
                    tags.append(tag)
                elif action == "create":
                    await app.create(chosen.choice(NAMES))
                else:
                    project = await app.find(chosen.choice(NAMES))
                    if action == "rename":
                        await projects.rename(project, chosen.choice(NAMES))
                    elif action == "delete":
                        await projects.delete(project)
                    else:
                        await projects.purge(project)
                done[action] += 1
            except (NameTaken, ProjectNotFound) as exc:
                done[type(exc).__name__] += 1
    return {"tags": tags, "done": done}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(work(int(sys.argv[1]), int(sys.argv[2])))))
