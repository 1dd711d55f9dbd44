"""What each kind of record may say: its numeric fields with their quantities, and its words."""

from collections.abc import Mapping

from packfirst.catalog.fields import KindSchema, Number, Word, any_value, fraction, not_negative, positive
from packfirst.catalog.schema_boards import BOARD_CLASS, CARD, PANEL
from packfirst.catalog.schema_joining import JOINT, LID_SEAL
from packfirst.catalog.schema_mechanics import MECHANICS
from packfirst.catalog.schema_products import PRODUCT
from packfirst.catalog.schema_qualification import FLOW, METHOD, QUALITY_LEVEL, STANDARD, TEST_EFFORT
from packfirst.catalog.schema_schedule import ACTIVITY

FORMAT = "packfirst-catalog"
FORMAT_VERSION = 1

# What a process step asks of a site, in the words that suppliers use for themselves.
CAPABILITIES = (
    "3d_hybrid_bond", "3d_stack", "bridge", "burn_in", "ceramic_htcc", "ceramic_package_supply", "die_attach",
    "fan_out", "flip_chip", "glass_substrate", "hbm_stack", "hermetic_seal", "lids_packages", "mcm_hybrid",
    "organic_substrate", "photonics_packaging", "plastic_mold", "qual_lab", "si_interposer", "test",
    "thick_film", "thin_film", "uhdi_pcb", "wafer_bumping", "wafer_probe", "wafer_thin_dice", "wire_bond",
)  # fmt: skip
SCOPES = ("die_prep", "carrier", "per_die", "per_package")
AVAILABILITY = ("yes", "limited", "planned", "no")
YES_NO = ("yes", "no")

_MATERIAL = KindSchema(
    numbers={
        # In every direction, or in the plane where `conductivity_z` is given too.
        **positive("conductivity", "conductivity", required=True),
        **positive("conductivity", "conductivity_z"),
        **any_value("expansion", "expansion", "expansion_z", "expansion_above_glass"),
        **positive("stress", "modulus"),
        "poisson": Number(quantity="number", above=-1.0, most=0.5),
        **positive("density", "density"),
        **positive("heat_capacity", "heat_capacity"),
        "permittivity": Number(quantity="number", least=1.0),
        **not_negative("number", "loss_tangent"),
        **positive("resistivity", "resistivity"),
        **any_value("temperature", "melt", "glass_transition"),
        # k(T) = conductivity * (300 K / T) ^ conductivity_exponent
        **not_negative("number", "conductivity_exponent"),
        "emissivity": Number(quantity="number", least=0.0, most=1.0),
    },
    words={
        "class": Word(
            required=True,
            allowed=(
                "semiconductor", "dielectric", "buildup", "laminate", "ceramic", "glass", "conductor",
                "metal",
                "attach", "tim", "polymer", "gas", "effective",
            ),
        ),
    },
)  # fmt: skip

_INTERFACE = KindSchema(
    numbers={
        **not_negative("length", "thickness"),
        **positive("area_resistance", "area_resistance", required=True),
        **not_negative("area_resistance", "contact_resistance"),
        **positive("conductivity", "conductivity"),
        **any_value("temperature", "process_temperature"),
        **positive("stress", "modulus"),  # of a joint too soft to be a layer; a stiff one names its material
    },
    words={
        "material": Word(refers="material"),
        "use": Word(required=True, many=True, allowed=("tim1", "tim1_bare_die", "tim2", "die_attach")),
        "rework": Word(required=True, allowed=("yes", "limited", "before_seal", "no")),
    },
)

_THERMAL_PATH = KindSchema(
    numbers={
        **positive("thermal_resistance", "resistance", required=True),
        **positive("area", "reference_area", required=True),
        **positive("film_coefficient", "film_coefficient"),
        **positive("heat_flux", "max_heat_flux"),
        **any_value("temperature", "fluid_temperature"),
        **not_negative("length", "base_thickness", "base_margin", "added_height"),
        # of a card's edge in its rail, measured from the edge of the board
        **positive("length", "edge_width"),
        **fraction("emissivity"),
        **positive("heat_capacity", "coolant_heat_capacity"),
        **not_negative("mass", "added_mass"),
    },
    words={
        # resistance: a sink of its own size; film: grows with the area that it covers; transient: none
        "model": Word(required=True, allowed=("resistance", "film", "transient")),
        "fluid": Word(
            required=True,
            allowed=("air", "coolant", "refrigerant", "cold_wall", "radiator", "space", "mass", "none"),
        ),
        "base_material": Word(refers="material"),
        "environment": Word(),
        "film_area": Word(),
        "elements": Word(many=True),
        "sink": Word(),
    },
)

_PART = KindSchema(
    numbers={
        **positive("length", "size_x", "size_y", "thickness", required=True),
        **positive("conductivity", "conductivity", "conductivity_z", required=True),
        **positive("number", "layers", "data_lanes"),
        **any_value("temperature", "maximum_temperature"),
        **positive("data", "capacity"),
        **positive("bandwidth", "bandwidth"),
        **positive("lane_rate", "lane_rate"),
        **positive("length", "phy_edge", "phy_depth", "bump_pitch", "bump_field_x", "bump_field_y"),
        **positive("cost", "cost"),
        **not_negative("power", "power"),
        **not_negative("energy_per_bit", "energy_per_bit"),
        **positive("density", "density"),
        **positive("heat_capacity", "heat_capacity"),
        **any_value("expansion", "expansion"),
        **positive("stress", "modulus"),
        **positive("area_resistance", "area_resistance"),
        **positive("frequency", "frequency_low", "frequency_high"),
        # of a power amplifier's last stage: fingers of gate, from one to the next, and how wide each is
        **positive("number", "gate_fingers"),
        **positive("length", "finger_pitch", "finger_width"),
        # the strip under a finger in which heat is set free, the crystal it lies in, and the boundary under that
        **positive("length", "heated_length", "buffer_thickness"),
        **positive("area_resistance", "boundary_resistance"),
        **fraction("finger_heat_share"),
        # of memory: mean time between refresh commands when cool, and what each takes of its bank's time
        **positive("time", "refresh_interval", "refresh_time"),
    },
    words={
        "class": Word(
            required=True, allowed=("memory_stack", "memory_die", "rf_die", "logic_die", "photonic_die")
        ),
        "standard": Word(),
        "phy_side": Word(allowed=("long", "short")),
        "buffer_material": Word(refers="material"),
        # where the maker's channel temperature is told: at the middle of the heated strip, or its mean
        "channel_definition": Word(allowed=("peak", "mean")),
        "material": Word(refers="material"),
    },
)

_LENGTHS = (
    # what the pitches, lines and gaps of the routing and of the first level are
    "bond_pitch", "line", "space", "coarse_bump_pitch", "c4_pitch", "ball_pitch", "column_pitch",
    "finger_pitch",
    "dc_pin_pitch", "rdl_pitch", "via_diameter", "via_pitch", "tsv_diameter", "tsv_pitch", "tgv_diameter",
    "tgv_pitch",
    # what is stacked on what
    "thickness_board", "thickness_substrate", "thickness_core", "thickness_buildup_layer", "thickness_copper",
    "thickness_rdl_layer", "thickness_die", "thickness_top_die", "thickness_base_die", "thickness_interposer",
    "thickness_bridge", "thickness_bond_layer", "thickness_structural_silicon", "thickness_lid",
    "thickness_tim1",
    "thickness_tim_direct", "thickness_stiffener", "thickness_die_attach", "thickness_mold",
    "thickness_mold_cap",
    "thickness_leadframe", "thickness_ceramic_body", "thickness_ceramic_layer", "thickness_base",
    "thickness_wall",
    "thickness_seal_ring", "thickness_metal", "thickness_module", "thickness_spacer", "thickness_stack",
    "thickness_bottom_package", "copper_stud_height", "through_mold_via_height",
    "microvia_diameter", "bump_height", "bump_height_fine", "bump_height_coarse", "c4_bump_height",
    "microbump_height", "ball_height", "column_height", "underfill_gap", "wire_diameter", "wire_length",
    "loop_height",
    # how large, how far
    "max_package_edge", "known_body", "bridge_edge", "die_gap", "die_edge_gap", "reach",
)  # fmt: skip

_TECHNOLOGY = KindSchema(
    numbers={
        **positive("length", *_LENGTHS),
        **not_negative("length", "placement_tolerance", "overlay"),
        **positive("area", "max_interposer_area", "max_base_die_area", "max_die_area"),
        **positive("number", "signal_layers", "max_reticle_multiple", "max_bridges", "max_tiers"),
        **positive("number", "max_stacked_die", "tgv_aspect_ratio"),
        # first year of a product that was sold with it; later than the present where it is still announced
        "first_product": Number(quantity="number", least=1950.0, most=2100.0),
        **positive("number", "via_pitch_ratio", "via_thickness_ratio"),
        **positive("line_density", "io_edge_density", "line_density_total"),
        **positive("energy_per_bit", "energy_per_bit"),
        **positive("edge_bandwidth", "edge_bandwidth"),
        **positive("areal_bandwidth", "areal_bandwidth"),
        **fraction(
            "joint_yield", "per_die_yield", "die_attach_yield", "attach_yield", "test_yield", "carrier_yield",
            "alignment_yield", "seal_yield", "screening_yield", "bridge_yield", "tier_yield",
            "base_die_yield",
            "stack_yield", "wafer_bond_yield", "column_attach_yield", "reported_package_yield",
            "wafer_utilisation",
        ),
        **not_negative("area_density", "carrier_defect_density", "particle_density"),
        **positive("number", "carrier_cluster_alpha", "carrier_area_factor", "substrate_area_factor"),
        **positive("cost", "carrier_wafer_cost", "nre"),
        # of the whole carrier or housing, all its layers and metal in it
        **positive("cost_per_area", "substrate_cost_per_area", "carrier_cost_per_area"),
        **positive("time", "lead_time"),
        **any_value("temperature", "junction_maximum", "process_temperature_maximum"),
        **positive("conductivity", "substrate_conductivity_z"),
        **any_value("expansion", "substrate_expansion"),
        **positive("resistance", "sheet_resistance"),
        "permittivity": Number(quantity="number", least=1.0),
        **not_negative("number", "loss_tangent"),
        **fraction("shrinkage", "dc_drop_reduction"),
        **positive("areal_capacitance", "areal_capacitance"),
        # of the analogue band, at 10 GHz: a joint between a die and its line, a way through the body, a line
        **not_negative("ratio_db", "joint_loss", "port_loss"),
        **not_negative("attenuation", "line_loss"),
    },
    words={
        "class": Word(
            required=True,
            allowed=(
                "board", "leadframe", "laminate", "ceramic", "metal_housing", "ceramic_carrier", "buildup",
                "fan_out", "bridge", "silicon_interposer", "rdl_interposer", "glass_core", "glass_interposer",
                "stack", "embedded",
            ),
        ),
        "integration": Word(
            required=True, allowed=("board", "2d", "2d_multi_die", "2.5d", "3d", "stacked_packages")
        ),
        # one word each, the usual one first
        "first_level_interconnect": Word(
            required=True,
            many=True,
            allowed=(
                "board_joint", "wire_bond", "c4", "cu_pillar", "microbump", "hybrid_bond", "rdl_via",
                "copper_stud",
                "microvia", "gold_bump", "edge_metal",
            ),
        ),
        "hermetic_capable": Word(required=True, allowed=("yes", "conditional", "inside_housing", "no")),
        "rework": Word(required=True, allowed=("yes", "before_seal", "before_underfill", "limited", "no")),
        "hermetic_note": Word(),
        "rework_note": Word(),
        "integration_note": Word(),
        "interconnect_note": Word(),
        "yield_note": Word(),
        "us_prototype": Word(allowed=AVAILABILITY),
        "us_low_volume": Word(allowed=AVAILABILITY),
        "us_high_volume": Word(allowed=AVAILABILITY),
        "us_examples": Word(many=True),
        "qualification_precedents": Word(many=True),
        "known_failure_modes": Word(many=True),
        "base_materials": Word(many=True, refers="material"),  # of a metal housing, the usual one first
        "carrier_needs": Word(many=True, allowed=CAPABILITIES),
        "carrier_testable_before_commit": Word(required=True, allowed=YES_NO),
        "equal_die": Word(allowed=YES_NO),  # of a stack: whether both die must have one outline, as whole wafers do
    },
    has_route=True,
)  # fmt: skip

_YIELD_MODEL = Word(allowed=("poisson", "murphy", "seeds", "negative_binomial", "bose_einstein"))

_NODE = KindSchema(
    numbers={
        **positive("cost", "wafer_cost", required=True),
        **positive("area_density", "defect_density", required=True),
        **positive("number", "cluster_alpha"),
        **positive("length", "wafer_diameter", "reticle_x", "reticle_y", required=True),
        # relative to n5, where they are 1
        **positive("number", "logic_density", "sram_density", "analog_density"),
        **positive("number", "power_at_iso_speed", "speed_at_iso_power"),
        # leakage's share of the power stated at a hot junction, and the rise that doubles it
        **fraction("leakage_share"),
        **positive("temperature_difference", "leakage_doubling"),
        **positive("cost", "nre_design", "mask_set"),
    },
    words={"yield_model": _YIELD_MODEL},
)

_LINK = KindSchema(
    numbers={
        **positive("lane_rate", "rate", required=True),
        **positive("number", "lanes_per_module", "directions", required=True),
        **positive("number", "signals_per_module", "stack_depth", "signal_rows", "module_rows"),
        **positive("length", "module_edge", "module_depth", "bump_pitch_min", "bump_pitch_max", "reach"),
        **positive("length", "bump_column_pitch", "bump_cell_depth"),
        **fraction("bit_error_ratio", "idle_fraction", "data_fraction", "eye_width"),
        **positive("energy_per_bit", "energy_per_bit", required=True),
        **positive("voltage", "energy_supply", "supply_noise", "eye_height"),
        **positive("edge_bandwidth", "shoreline_bandwidth"),
        **positive("areal_bandwidth", "areal_bandwidth"),
        **positive("bandwidth", "stack_bandwidth"),
        **positive("resistance", "tx_resistance", "rx_resistance"),
        **positive("capacitance", "tx_capacitance", "rx_capacitance"),
        **not_negative("ratio_db", "max_loss", "max_loss_dc"),
        **any_value("ratio_db", "max_crosstalk", "crosstalk_offset"),
        **any_value("number", "crosstalk_slope"),
    },
    words={
        "standard": Word(required=True),
        "package_class": Word(required=True, allowed=("advanced", "standard", "vertical")),
        "bump_map": Word(
            allowed=("square", "hexagonal")
        ),  # of the standard's own module; square where absent
        "modulation": Word(required=True, allowed=("nrz", "pam4")),
        "termination": Word(required=True, allowed=("open", "source", "receiver", "double", "unstated")),
    },
)

# One record per process or service; which fields it has follows from what it is.
_COST_PARAMETER = KindSchema(
    numbers={
        **positive(
            "cost", "wafer_cost", "nre", "nre_fixed", "mask_set", "machine_cost", "assembly_cost",
            "final_test_cost", "system_test_cost",
        ),
        **positive(
            "cost_per_area", "cost_per_area", "finished_cost_per_area", "c4_cost_per_area",
            "micro_bump_cost_per_area", "materials_cost_per_area", "nre_per_area",
        ),
        **positive("cost_rate", "technician_cost", "tester_cost_per_time"),
        **positive(
            "number", "layer_factor_single_die", "layer_factor_small", "layer_factor_medium",
            "layer_factor_large", "area_per_silicon", "cluster_alpha",
        ),
        **positive("area", "area_limit_small", "area_limit_medium", "nre_module_area", "reference_area"),
        **not_negative("area_density", "defect_density", "dielectric_defect_density", "particle_density"),
        **fraction(
            "yield", "bond_yield_per_die", "tsv_yield", "alignment_yield", "joint_yield", "step_yield",
            "last_step_yield", "final_test_yield", "system_test_yield", "wafer_sort_coverage",
            "final_test_coverage", "uptime", "critical_area_ratio", "area_share", "module_share",
            "chip_share",
            "fixed_share",
        ),
        **not_negative("length", "die_spacing", "street", "edge_exclusion"),
        **positive("time", "place_time", "bond_time", "machine_life"),
    },
    words={"yield_model": _YIELD_MODEL},
)  # fmt: skip

_RULE = KindSchema(
    numbers={
        **positive(
            "length", "laminate_margin", "interposer_margin", "lid_setback", "lid_foot_width", "back_end_thickness",
            "cavity_margin", "cavity_wall", "cavity_clearance", "mould_margin", "mould_cap", "die_thickness", "die_gap",
            "bridge_edge", "c4_pitch", "laminate_thickness", "land_height", "body_keepout", "screw_keepout",
        ),
        **fraction(
            "bump_diameter_ratio", "bond_pad_ratio", "ball_diameter_ratio", "ball_height_ratio", "bump_height_ratio",
            "cavity_floor_ratio",
        ),
        **positive("current", "current"),
        **positive("number", "signals_per_ground", "power_exponent"),
        # of memory: where the refresh rate doubles, and by how much the die's own sensor may be out
        **any_value("temperature", "refresh_doubles_above"),
        **positive("temperature_difference", "sensor_error"),
        # of the analogue band: the frequency at which technologies state their losses
        **positive("frequency", "loss_frequency"),
        **MECHANICS,
    },
)  # fmt: skip

KINDS: Mapping[str, KindSchema] = {
    "rule": _RULE,
    "material": _MATERIAL,
    "interface": _INTERFACE,
    "thermal_path": _THERMAL_PATH,
    "part": _PART,
    "technology": _TECHNOLOGY,
    "node": _NODE,
    "link": _LINK,
    "cost_parameter": _COST_PARAMETER,
    "joint": JOINT,
    "lid_seal": LID_SEAL,
    "standard": STANDARD,
    "method": METHOD,
    "flow": FLOW,
    "quality_level": QUALITY_LEVEL,
    "test_effort": TEST_EFFORT,
    "product": PRODUCT,
    "activity": ACTIVITY,
    "board_class": BOARD_CLASS,
    "card": CARD,
    "panel": PANEL,
}
