"""Whether the links between die fit, escape and reach, and what they draw; and whether their signals arrive.

The escape models say for one link on one carrier how many lanes it takes (`lanes`), how many bumps (`bumps`),
whether their wires get out from under the die edge (`escape`), how far they may run (`reach`), what they draw
(`link_energy`), and how dense a vertical bond is (`areal`). Arrays in, arrays out, over leading axes.
"""
