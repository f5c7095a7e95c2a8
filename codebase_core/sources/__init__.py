"""What a source tree is: which files belong to it, in which language, in which role, and what they say."""
