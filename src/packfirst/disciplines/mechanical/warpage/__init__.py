"""Bending of layered bodies by heat and cure, from two strips to a whole process history."""
