"""Which images a query picks: one criterion of active learning in each module."""
