"""The conformance kit of codebase-core."""

pytest_plugins = ["codebase_core.testing"]
