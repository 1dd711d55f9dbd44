"""What a change of site, die or material touches, and so which tests have to be done again."""

# Derived: by what each test speaks of. The documents have tables of their own, and the customer decides.
CHANGES = {
    "die": ("die",),
    "wafer_site": ("die",),
    "assembly_site": ("attach", "wires", "seal", "finish"),
    "test_site": (),
    "die_attach": ("attach", "material"),
    "underfill": ("attach", "material"),
    "wire": ("wires",),
    "lid_seal": ("seal",),
    "substrate": ("body", "attach", "finish"),
    "mould": ("body", "material"),
    "finish": ("finish",),
}


def touched_by(change: str) -> tuple[str, ...]:
    """What a change touches.

    Raises
    ------
    ValueError
        A change that is not known here.
    """
    if change not in CHANGES:
        raise ValueError(f"unknown change {change!r}; one of {', '.join(CHANGES)}")
    return CHANGES[change]
