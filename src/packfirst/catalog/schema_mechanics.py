"""What a rule may say of strength, cure and life: the figures that mechanics needs beyond those of matter."""

from collections.abc import Mapping

from packfirst.catalog.fields import Number, any_value, fraction, not_negative, positive

MECHANICS: Mapping[str, Number] = {
    **any_value("temperature", "mould_cure", "lid_cure", "room", "reflow_peak", "underfill_cure"),
    **not_negative("number", "mould_shrinkage", "underfill_shrinkage"),
    **fraction("rubber_ratio", "joint_rise_share", "die_breakage"),
    **positive(
        "stress", "lid_adhesive_modulus", "die_strength", "interface_shear", "interface_peel", "lid_strength",
    ),
    **positive("length", "lid_adhesive_thickness", "wire_pitch"),
    **positive(
        "number", "die_strength_shape", "joint_strain_factor", "joint_life_shape", "resonance_quality",
        "part_factor", "mould_velocity_m_per_s", "mould_viscosity_pa_s",
    ),
}  # fmt: skip
