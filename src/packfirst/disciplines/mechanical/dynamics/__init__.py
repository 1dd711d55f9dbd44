"""Vibration and shock of leads, boards and large bodies."""
