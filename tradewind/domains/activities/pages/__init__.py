"""The pages of activities that are made by hand: writing one on a record, completing it, the calendar."""
