"""What a record may say of a document, a test method and a flow of tests.

Every row keeps how certain it is. A number out of a row that nobody has read is `assumed` and has a wide band; from
such rows no tool may claim compliance.
"""

from packfirst.catalog.fields import KindSchema, RowSchema, Word, any_value, fraction, not_negative, positive

STATUS = Word(required=True, allowed=("confirmed", "secondary", "unconfirmed", "derived", "mixed"))
SOURCES = Word(many=True, refers="source")
# What a construction has, in the words by which methods and gates ask for it.
FEATURES = (
    "sealed_cavity", "cavity", "wires", "flip_chip", "leads", "balls", "columns", "glass_frit", "polymer", "marking",
    "ceramic_body", "metal_body", "plastic_body", "one_die", "several_die", "bonds", "underfill", "lid_attach",
    "memory",
)  # fmt: skip
# What a test speaks of; a change of the part asks for the tests that speak of what it touches.
PROOFS = ("die", "attach", "wires", "seal", "body", "finish", "material")
# The units of shock and acceleration that the methods are written in; 1 g is 9.80665 m/s2.
_LEVEL = {**positive("number", "acceleration_g"), **positive("time", "pulse")}

STANDARD = KindSchema(
    numbers={},
    words={
        "designation": Word(required=True),
        "issuer": Word(required=True),
        "revision": Word(),
        "domain": Word(required=True, many=True),
        "role": Word(required=True),
        "status": STATUS,
        "sources": SOURCES,
        "facts": Word(many=True),
    },
    rows={
        "classes": RowSchema(
            words={
                "letter": Word(required=True), "level": Word(), "package": Word(), "use": Word(required=True),
                "status": STATUS, "sources": SOURCES,
            },
        ),
        "precedents": RowSchema(words={"text": Word(required=True), "status": STATUS, "sources": SOURCES}),
        "thresholds": RowSchema(
            numbers={
                **positive("number", "total_dose_gy", "dose_rate_upset_gy_per_s", "neutrons_per_cm2"),
                **positive("number", "upsets_per_bit_day", "latchup_dose_rate_gy_per_s"),
            },
            words={
                "entry": Word(required=True), "rule": Word(), "status": STATUS, "sources": SOURCES,
            },
        ),
        "grades": RowSchema(
            words={
                "grade": Word(required=True), "examples": Word(many=True), "status": STATUS, "sources": SOURCES,
            },
        ),
    },
)  # fmt: skip

METHOD = KindSchema(
    numbers={
        **any_value("temperature", "temperature", "temperature_low", "temperature_high"),
        **not_negative("temperature_difference", "temperature_tolerance"),
        **positive("temperature", "max_junction_s", "max_junction_b", "max_junction_hybrid"),
        **fraction("humidity_low", "humidity_high"),
        **positive(
            "time", "time", "time_per_cycle", "least_time", "least_dwell", "most_transfer", "most_load"
        ),
        **positive("time", "read_within", "per_axis", "least_sweep", "dwell"),
        **positive("number", "cycles", "least_cycles", "pulses_per_axis", "sweeps_per_axis", "shock_g"),
        **positive("number", "acceleration_g", "sample_size", "water_ppmv"),
        **not_negative("number", "accept"),
        **positive("time", "anneal_time"),
        **any_value("temperature", "anneal_temperature"),
        **fraction("force_share"),
    },
    words={
        "family": Word(required=True, allowed=("MIL-STD-883", "JEDEC")),
        "designation": Word(required=True),
        "purpose": Word(),
        "revision": Word(),
        "equation": Word(),
        # what a part must have for the method to say anything, and what it must not have
        "needs": Word(many=True, allowed=FEATURES),
        "excludes": Word(many=True, allowed=FEATURES),
        # of a sampled part: shipped after it, kept but worn, or gone
        "fate": Word(allowed=("keeps", "stresses", "destroys")),
        "proves": Word(many=True, allowed=PROOFS),
        "effort": Word(refers="test_effort"),
        "table": Word(),  # file under data/standards that holds its limits
        "status": STATUS,
        "sources": SOURCES,
        "facts": Word(many=True),
    },
    rows={
        "conditions": RowSchema(
            numbers={
                **any_value("temperature", "temperature", "temperature_low", "temperature_high"),
                **fraction("humidity"),
                **positive("time", "time"),
                **_LEVEL,
            },
            words={"letter": Word(required=True), "meaning": Word(), "status": STATUS, "sources": SOURCES},
        ),
    },
)

_SAMPLE = {**positive("number", "sample_size", "lots"), **not_negative("number", "accept")}

FLOW = KindSchema(
    numbers={**positive("time", "validity")},
    words={
        "document": Word(required=True),
        "standards": Word(many=True, refers="standard"),
        "revision": Word(),
        "domain": Word(required=True, many=True),
        "purpose": Word(
            required=True,
            allowed=(
                "screening", "lot_conformance", "qualification", "qualification_periodic",
                "qualification_radiation", "element_evaluation",
            ),
        ),
        "package": Word(),
        "not_applicable": Word(many=True),
        "inherits": Word(refers="flow"),
        "validity_note": Word(),
        "status": STATUS,
        "sources": SOURCES,
    },
    rows={
        "steps": RowSchema(
            numbers={
                **_SAMPLE,
                **not_negative("time", "time"),  # of stress, without queue, handling or read-out
                **positive("number", "cycles", "parts"),  # parts: devices taken, where the sample counts something else
                **fraction("defects_allowed", "functional_defects_allowed"),
            },
            words={
                "subgroup": Word(),  # steps of one subgroup follow each other on the same parts
                "after": Word(),  # subgroup of the same flow whose parts this one takes over
                "needs": Word(many=True, allowed=FEATURES),  # besides what its methods need
                "optional": Word(allowed=("yes", "no")),
                "test": Word(required=True), "method": Word(), "methods": Word(many=True, refers="method"),
                "condition": Word(), "sample": Word(), "element": Word(),
                # spec: the document states the time; derived: computed from cycles, or proposed
                "time_basis": Word(allowed=("spec", "derived")),
                "status": STATUS, "sources": SOURCES,
            },
        ),
        "alternatives": RowSchema(
            numbers={**_SAMPLE, **positive("time", "time", "device_time")},
            words={"step": Word(required=True), "sample": Word(), "status": STATUS, "sources": SOURCES},
        ),
        "levels": RowSchema(
            words={"level": Word(required=True), "meaning": Word(required=True), "status": STATUS, "sources": SOURCES}
        ),
        "grades": RowSchema(
            numbers={
                **any_value("temperature", "ambient_low", "ambient_high", "life_temperature"),
                **positive("number", "cycles"),
            },
            words={
                "grade": Word(required=True), "cycling": Word(), "storage": Word(), "status": STATUS,
                "sources": SOURCES,
            },
        ),
        "elements": RowSchema(
            words={
                "element": Word(required=True), "classes": Word(many=True), "flow": Word(refers="flow"),
                "tests": Word(required=True), "status": STATUS, "sources": SOURCES,
            },
        ),
    },
)  # fmt: skip

# A class that a customer may ask for: which flows make it up, and what a part must be to pass them at all.
QUALITY_LEVEL = KindSchema(
    numbers={},
    words={
        "document": Word(required=True),
        "standard": Word(refers="standard"),
        "letter": Word(),
        "class_level": Word(),
        "status": STATUS,
        "sources": SOURCES,
        "element_evaluation": Word(refers="flow"),
        "screening": Word(refers="flow"),
        "conformance": Word(many=True, refers="flow"),
        "qualification": Word(many=True, refers="flow"),
        "cavity_extra": Word(many=True, refers="flow"),  # on top where the part has a sealed cavity
        "radiation": Word(refers="flow"),  # where the mission states a dose
        "replaces": Word(many=True, allowed=FEATURES),  # steps that need these give way to what `adds` names
    },
    rows={
        "gates": RowSchema(
            words={
                "asks": Word(many=True, allowed=FEATURES),  # any one of these
                "refuses": Word(many=True, allowed=FEATURES),
                "clause": Word(required=True), "text": Word(required=True),
                "instead": Word(refers="quality_level"), "status": STATUS, "sources": SOURCES,
            },
        ),
        "adds": RowSchema(
            words={
                "text": Word(required=True), "clause": Word(), "status": STATUS, "sources": SOURCES,
            },
        ),
    },
)  # fmt: skip

# Calendar and money of a kind of test, besides the hours of stress: what no public table states. Yours belong here.
TEST_EFFORT = KindSchema(
    numbers={
        **not_negative("time", "setup", "readout"),
        **not_negative("cost", "cost_fixed", "cost_per_part"),
        **not_negative("cost_rate", "cost_per_time"),
        **fraction("fallout"),
    },
    words={"powered": Word(required=True, allowed=("yes", "no"))},
)
