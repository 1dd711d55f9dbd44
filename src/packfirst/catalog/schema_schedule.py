"""What a record may say of an activity between architecture and the fielded part."""

from packfirst.catalog.fields import KindSchema, Number, Word, fraction, positive

FREEZES = ("die_size", "pad_map", "bump_map")

# An activity has a time, an event has a probability, a milestone within a time has a share of it.
ACTIVITY = KindSchema(
    numbers={
        "time": Number(quantity="time", least=0.0),
        **fraction("probability", "share"),
        **positive("cost", "cost"),
    },
    words={
        # who does it: the firms that have to be engaged in time, or the program itself
        "done_by": Word(
            required=True,
            allowed=(
                "program", "foundry", "memory maker", "part maker", "carrier maker", "lid maker",
                "assembly house", "test hardware maker", "test house", "board house",
            ),
        ),
        # what of the die has to stand before it can begin; nothing where the die does not matter
        "freeze": Word(allowed=FREEZES),
        "nodes": Word(many=True, refers="node"),
    },
)  # fmt: skip
