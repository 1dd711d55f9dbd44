"""The kinds of limit: each a folder of models with two adapters, bounds and limits."""
