"""Acceleration by heat, moisture, current and voltage; failure-rate bounds; equivalence of tests and missions."""
