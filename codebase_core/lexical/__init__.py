"""Words of code and questions: identifiers, terms and their weights; used by indexing and search alike."""
