"""Pure decisions: which route a request takes, who decides it, and what may follow what."""
