"""Live news: open pages hear that something of a resource changed, and ask again. Never what changed."""
