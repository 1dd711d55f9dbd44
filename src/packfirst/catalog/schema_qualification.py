"""What a record may say of a document, a test method and a flow of tests.

Every row keeps how certain it is. A number out of a row that nobody has read is `assumed` and has a wide band; from
such rows no tool may claim compliance.
"""

from packfirst.catalog.fields import KindSchema, RowSchema, Word, any_value, fraction, not_negative, positive

STATUS = Word(required=True, allowed=("confirmed", "secondary", "unconfirmed", "derived", "mixed"))
SOURCES = Word(many=True, refers="source")
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
                **positive("number", "cycles"),
                **fraction("defects_allowed", "functional_defects_allowed"),
            },
            words={
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
