"""What a record may say of a class of board, of a card format, and of the panel that substrates are cut from."""

from packfirst.catalog.fields import KindSchema, Number, Word, positive

BOARD_CLASS = KindSchema(
    numbers={
        # the finest array of terminals that this build is used for
        **positive("length", "least_pitch", "line", "space", "via_land", required=True),
        **positive("number", "most_signal_layers", required=True),
    },
    words={
        # blind: vias of a layer need not stand in the way of the layers below it
        "vias": Word(required=True, allowed=("through", "blind")),
    },
)

CARD = KindSchema(
    numbers={
        **positive("length", "size_x", "size_y", "slot_pitch", "component_height", required=True),
        **positive("length", "edge_keepout", "most_thickness"),
        **positive("power", "most_power"),
    },
    words={"document": Word(required=True), "edges": Word(allowed=("cooled", "plain"))},
)

PANEL = KindSchema(
    numbers={
        **positive("length", "size_x", "size_y", required=True),
        "border": Number(quantity="length", least=0.0, required=True),
        "saw_street": Number(quantity="length", least=0.0, required=True),
    },
    words={"of": Word(required=True, many=True)},  # classes of technology that are made in it
)
