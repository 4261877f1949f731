"""Pure decisions about plans: how amounts are spread, what may follow what, and how far we are."""
