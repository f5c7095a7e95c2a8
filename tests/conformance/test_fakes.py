"""What the mutants are made from passes the kit whole: each is caught for what is wrong in it, and nothing else."""

from __future__ import annotations

from tests.conformance.mutants import (
    applications,
    chunkers,
    commands,
    embedders,
    packages,
    registries,
    rerankers,
    resolvers,
    stores,
)


class TestHashEmbedder(embedders.Suite):
    pass


class TestWordsReranker(rerankers.Suite):
    pass


class TestLines(chunkers.Suite):
    pass


class TestMarkerResolver(resolvers.Suite):
    pass


class TestCommand(commands.Suite):
    pass


class TestPackage(packages.Suite):
    pass


class TestMemoryRegistry(registries.Suite):
    pass


class TestMemoryStore(stores.Suite):
    pass


class TestApplication(applications.Suite):
    pass
