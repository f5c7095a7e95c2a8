"""The default embedder: a static model that ships with the package."""
