"""The demo company grown to any number of customers, in SQL: rows are worked out where they are kept.

The small company and its story come first and stand unchanged; regions, branches and teams with their
people, customers and years of work are added beside it. Everything follows from the number of customers.
"""
