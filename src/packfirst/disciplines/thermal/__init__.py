"""Steady and transient heat flow through the package: physics on arrays, and the limits it sets."""
