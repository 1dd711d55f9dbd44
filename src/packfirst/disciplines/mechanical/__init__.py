"""What heat, pressure, shock and time do to the shape and the joints of a package.

`warpage` bends layered bodies, `fatigue` wears solder, `wires` moves and heats bond wires, `dynamics` shakes
leads and large bodies; `plates` carries the clamped rectangle that lids and large deflection share, `lid`
bends under pressure, `die_strength` breaks silicon, `ranges` says which law may speak.
"""
