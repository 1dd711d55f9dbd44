"""What a record may say of a joint, and of the seal of a lid."""

from packfirst.catalog.fields import KindSchema, Number, Word, any_value, positive

YES_NO = ("yes", "no")

LID_SEAL = KindSchema(
    numbers={
        "joint_temperature": Number(quantity="temperature", required=True),
        # what the parts in the cavity see while the lid goes on
        "body_temperature": Number(quantity="temperature", required=True),
        **positive("length", "max_perimeter"),
        "seal_yield": Number(quantity="number", least=0.0, most=1.0),
    },
    words={
        "heating": Word(required=True, allowed=("local", "whole_part")),
        "lid_material": Word(required=True),
        "hermetic": Word(required=True, allowed=YES_NO),
        "hermetic_note": Word(),
        "reseal": Word(required=True, allowed=("yes", "limited", "no")),
        "reseal_note": Word(),
        "named_in_steps": Word(many=True),  # words of a process step that mean this seal
    },
)

# Each later step has to stay below what an earlier joint survives: its remelt, or the raised remelt where the joint
# has changed, or its decomposition. Above its glass transition a cured polymer is soft, and whole again when cold.
JOINT = KindSchema(
    numbers={
        "process_temperature": Number(quantity="temperature", required=True),
        **any_value("temperature", "remelt", "raised_remelt", "decomposition", "glass_transition"),
        "survives_below": Number(quantity="temperature", required=True),
        # of its own mass, what a cured joint gives off into a closed cavity after the bake
        "water_share": Number(quantity="number", least=0.0, most=1.0),
    },
    words={
        "class": Word(
            required=True, allowed=("solder", "sinter", "glass", "adhesive", "underfill", "metal_bond")
        ),
        "material": Word(refers="material"),
        # whether the raised remelt holds as the joint is usually made
        "raised_in_full": Word(allowed=YES_NO),
        "interfaces": Word(many=True, refers="interface"),
        "raised_by": Word(),  # what makes the raised remelt true: without it `remelt` holds
        # whether it may melt again at board reflow where cured underfill holds it in place
        "may_remelt_under_underfill": Word(required=True, allowed=YES_NO),
    },
)
