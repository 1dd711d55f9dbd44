"""The catalog's numbers in the light of a user's own measurements: a Bayesian update into a private overlay."""
