"""The worker processes that read, chunk and analyse files, and what they are told and answer."""
