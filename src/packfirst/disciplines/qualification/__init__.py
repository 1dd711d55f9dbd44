"""What must be proven, on how many parts, for how long.

`reliability` is the arithmetic of acceleration and failure rates, `hermeticity` that of leaks and moisture; beside
them sample plans, radiation margin, PIND, quality factor, bond and die limits, and the look-up of a standard's tables.
"""
