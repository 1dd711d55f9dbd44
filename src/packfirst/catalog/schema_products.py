"""What a record may say of a published product."""

from packfirst.catalog.fields import (
    KindSchema,
    Number,
    RowSchema,
    Word,
    any_value,
    fraction,
    not_negative,
    positive,
)

DIE_CLASSES = ("logic", "memory", "rf", "interposer", "bridge", "dummy")
FUNCTIONS = ("compute", "io", "cache", "system", "base", "memory", "radio")

# `truth_*` is what was built, and no proof that it was the best choice. What a source does not state is absent.
PRODUCT = KindSchema(
    numbers={
        "introduced": Number(quantity="number", required=True, least=1950.0, most=2100.0),
        **positive("length", "size_x", "size_y", "size_z", "bump_pitch", "c4_pitch", "tsv_diameter"),
        **positive("length", "interposer_thickness", "memory_die_thickness"),
        **positive("area", "package_area", "interposer_area", "silicon_area", "functional_area"),
        **positive("area", "area_with_thermal_die"),
        **positive("power", "power", "board_power", "output_power", "driver_output_power"),
        **positive("current", "supply_current"),
        **positive("capacitance", "package_capacitance"),
        **positive("number", "contacts", "interposer_metal_layers", "tsv_count", "transistors"),
        **positive("number", "functional_tiles", "all_tiles", "array_x", "array_y", "modules_built"),
        **positive("number", "manufacturers", "data_bits", "channels", "total_dose_krad"),
        **positive("data", "capacity"),
        **positive("lane_rate", "pin_rate"),
        **positive("voltage", "core_voltage", "signal_swing"),
        **positive("time", "read_access", "write_access"),
        **any_value("temperature", "temperature_low", "temperature_high"),
        **positive("cost", "board_price"),
        **fraction("area_efficiency", "interposer_yield", "assembly_yield", "monolithic_yield"),
        **fraction("slice_yield", "cost_saving", "power_added_efficiency"),
        **positive("frequency", "frequency_low", "frequency_high"),
        **not_negative("ratio_db", "noise_figure", "gain"),
        **positive("number", "phase_step_degrees"),
        **positive("number", "truth_die_count", required=True),
    },
    words={
        "market": Word(required=True),
        "body": Word(),
        "substrate": Word(),
        "interconnect": Word(),
        "organisation": Word(),
        "qualification": Word(),
        # all of them together; `truth_or_technologies` where the source leaves two readings
        "truth_technologies": Word(required=True, many=True, refers="technology"),
        "truth_or_technologies": Word(many=True, refers="technology"),
        "truth_technology_note": Word(),
        "truth_configuration": Word(required=True),
        "truth_hermetic": Word(required=True, allowed=("yes", "no")),
        "truth_thermal_paths": Word(many=True, refers="thermal_path"),  # any one of them
        "truth_thermal_note": Word(),
        "check": Word(required=True),  # what packfirst ought to say of it
    },
    rows={
        "die": RowSchema(
            numbers={**positive("number", "count", required=True), **positive("area", "area")},
            words={
                "role": Word(required=True),
                "class": Word(required=True, allowed=DIE_CLASSES),
                "function": Word(allowed=FUNCTIONS),
                "node": Word(),  # as the source names it
                "node_id": Word(refers="node"),  # the catalog's nearest
                "part": Word(refers="part"),
            },
        ),
        "links": RowSchema(
            numbers={
                **positive("number", "count", required=True),
                **positive("number", "across_middle"),  # of `count`, between die of one role
                **positive("bandwidth", "bandwidth"),  # of each
                **positive("energy_per_bit", "energy_per_bit"),
            },
            words={"a": Word(required=True), "b": Word(required=True)},  # roles of die, or what is outside
        ),
    },
)
