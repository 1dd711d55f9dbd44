"""When the part is there, what sets the date, and by when each supplier must be engaged.

Model files: `network` walks activities forward and back, `durations` turns three points into distributions,
`simulate` samples the network, `early_late` compares a package engaged at architecture with one engaged after
tape-out.
"""
