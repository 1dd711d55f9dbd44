"""Leak rates and their units, what a helium test sees of a leak, and how long a cavity stays dry."""
