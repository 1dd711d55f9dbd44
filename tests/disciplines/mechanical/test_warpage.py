"""Layered plates: exact solutions, published tables, solid elements, and what must hold whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_bvp
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

from packfirst.disciplines.mechanical.warpage import (
    bimetal,
    bow,
    history,
    laminate,
    large_deflection,
    trilayer,
)

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)
THICK = st.floats(2e-5, 3e-3)
MODULUS = st.floats(1e9, 4e11)
CTE = st.floats(0.0, 5e-5)
POISSON = st.floats(0.0, 0.45)
RISE = st.floats(-250.0, 250.0)
LAYER = st.tuples(THICK, MODULUS, POISSON, CTE)


def isotropic(layers):
    t, e, v, a = (np.array(x) for x in zip(*layers, strict=True))
    return t, laminate.plane_stress_pa(e, e, v), np.stack([a, a], axis=-1)


# ---- laminate against exact solutions


@BRIEF
@given(LAYER, LAYER, RISE)
def test_two_layers_are_timoshenkos_bimetal(one, two, rise):
    # one Poisson ratio for both, so that the plate is the strip with E/(1 - nu)
    v = one[2]
    t, q, a = isotropic([one, (two[0], two[1], v, two[3])])
    found = laminate.shape(t, q, a * rise)
    exact = bimetal.curvature_per_m(*t, one[1] / (1 - v), two[1] / (1 - v), one[3], two[3], rise)
    # curvature is positive where the top has grown, and the top is layer 2
    assert found.curvature_per_m == pytest.approx([float(exact)] * 2, rel=1e-7, abs=1e-9)


@BRIEF
@given(
    st.lists(LAYER, min_size=1, max_size=5),
    st.floats(-3e-3, 3e-3),
    st.floats(-3.0, 3.0),
    st.floats(-3.0, 3.0),
)
def test_manufactured_state_comes_back(layers, strain, kx, ky):
    # Free strains that vary so that a chosen state carries no stress at all
    t, q, _ = isotropic(layers)
    k = laminate.layer_stiffness(t, q)
    state = np.array([strain, -0.5 * strain, kx, ky])
    found = laminate.equilibrium(k, np.broadcast_to(state, (len(layers), 4)), np.sum(t))
    assert found == pytest.approx(state, rel=1e-7, abs=1e-9)


@BRIEF
@given(st.lists(LAYER, min_size=1, max_size=4), RISE, st.floats(0.05, 0.95))
def test_cutting_a_layer_in_two_changes_nothing(layers, rise, cut):
    t, q, a = isotropic(layers)
    whole = laminate.shape(t, q, a * rise)
    first = layers[0]
    parts = [(first[0] * cut, *first[1:]), (first[0] * (1 - cut), *first[1:]), *layers[1:]]
    t2, q2, a2 = isotropic(parts)
    split = laminate.shape(t2, q2, a2 * rise)
    scale = np.max(np.abs(a * rise)) / np.sum(t)
    assert split.curvature_per_m == pytest.approx(whole.curvature_per_m, rel=1e-7, abs=1e-9 * scale + 1e-15)
    assert split.strain == pytest.approx(whole.strain, rel=1e-8, abs=1e-13)


@BRIEF
@given(st.lists(LAYER, min_size=1, max_size=4), RISE)
def test_turned_over_the_bow_turns_over(layers, rise):
    t, q, a = isotropic(layers)
    up = laminate.shape(t, q, a * rise)
    down = laminate.shape(t[::-1], q[::-1], a[::-1] * rise)
    scale = np.max(np.abs(a * rise)) / np.sum(t)
    assert down.curvature_per_m == pytest.approx(-up.curvature_per_m, rel=1e-7, abs=1e-9 * scale + 1e-15)


@BRIEF
@given(st.lists(LAYER, min_size=1, max_size=5), RISE)
def test_faces_carry_no_net_force_and_no_moment(layers, rise):
    t, q, a = isotropic(layers)
    free = a * rise
    stress = laminate.face_stress_pa(t, q, free, laminate.shape(t, q, free))
    z = laminate.heights_m(t)
    low, high = stress[:, 0, 0], stress[:, 1, 0]
    force = np.sum(0.5 * (low + high) * t)
    # stress is linear in each layer: Simpson is exact for its moment
    middle = 0.5 * (z[:-1] + z[1:])
    moment = np.sum(t / 6.0 * (low * z[:-1] + 2.0 * (low + high) * middle + high * z[1:]))
    size = np.sum(np.abs(q[:, 0, 0] * t)) * np.max(np.abs(free)) + 1e-12
    assert abs(force) < 1e-7 * size
    assert abs(moment) < 1e-7 * size * np.sum(t)


def test_orthotropic_layers_bend_each_way_by_their_own():
    # Poisson zero uncouples the two ways: each is a bimetal of its own
    t = np.array([0.4e-3, 0.9e-3])
    ex, ey = np.array([130e9, 24e9]), np.array([130e9, 12e9])
    a = np.array([[2.6e-6, 2.6e-6], [13e-6, 19e-6]])
    found = laminate.shape(t, laminate.plane_stress_pa(ex, ey, 0.0 * ex), a * -150.0)
    for i, e in enumerate((ex, ey)):
        exact = bimetal.curvature_per_m(*t, *e, *a[:, i], -150.0)
        assert found.curvature_per_m[i] == pytest.approx(exact, rel=1e-10)


def test_free_to_stretch_a_stack_bends_about_its_own_neutral_surface():
    # transformed section of two strips: 20 GPa x 1 mm under 130 GPa x 0.5 mm, nothing sideways
    t, e = np.array([1e-3, 0.5e-3]), np.array([20e9, 130e9])
    at = np.array([0.5e-3, 1.25e-3])
    neutral = np.sum(e * t * at) / np.sum(e * t)
    stiff = np.sum(e * (t**3 / 12 + t * (at - neutral) ** 2))
    q = laminate.plane_stress_pa(e, e, 0.0 * e)
    assert laminate.reduced_bending_n_m(t, q) == pytest.approx(np.diag([stiff, stiff]), rel=1e-12)


def test_held_flat_it_grows_by_the_mixture():
    # N = sum of E t a over sum of E t, one Poisson ratio
    t, q, a = isotropic([(1e-3, 20e9, 0.3, 16e-6), (0.5e-3, 130e9, 0.3, 2.6e-6)])
    found = laminate.shape(t, q, a, flat=True)
    assert found.strain == pytest.approx([(20 * 16e-6 + 65 * 2.6e-6) / 85] * 2, rel=1e-12)
    assert np.all(found.curvature_per_m == 0.0)


def test_plate_refuses_impossible_bodies():
    with pytest.raises(ValueError, match="poisson_xy"):
        laminate.plane_stress_pa(10e9, 20e9, 0.8)
    with pytest.raises(ValueError, match="thickness"):
        laminate.heights_m([1e-3, 0.0])
    with pytest.raises(ValueError, match="positive"):
        bimetal.curvature_per_m(0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0)


# ---- trilayer


def die_on(attach_modulus=3e9, attach_thickness=50e-6, die=0.5e-3, substrate=1e-3, substrate_modulus=117e9):
    return trilayer.joint(
        die_thickness_m=die, substrate_thickness_m=substrate, attach_thickness_m=attach_thickness,
        die_modulus_pa=130e9, substrate_modulus_pa=substrate_modulus, attach_modulus_pa=attach_modulus,
        die_poisson=0.28, substrate_poisson=0.34, attach_poisson=0.35,
    )  # fmt: skip


def test_long_trilayer_without_poisson_is_timoshenko(cases):
    case = cases("reliability/timoshenko_bimetal")["si_on_cu"]
    joined = trilayer.joint(
        die_thickness_m=0.5e-3, substrate_thickness_m=1e-3, attach_thickness_m=1e-6, die_modulus_pa=130e9,
        substrate_modulus_pa=117e9, attach_modulus_pa=3e9, die_poisson=0.0, substrate_poisson=0.0,
        attach_poisson=0.35,
    )  # fmt: skip
    got = trilayer.stress(joined, (16.7e-6 - 2.6e-6) * -150.0, 1.0)
    expected = case["expected"]["curvature_1_per_mm"]
    assert got.curvature_per_m * 1e-3 == pytest.approx(expected, rel=case["rel_tol"])


def test_long_trilayer_stress_is_that_of_the_plate():
    # Poisson zero again; faces of the die by two independent derivations
    t, e = np.array([1e-3, 0.5e-3]), np.array([117e9, 130e9])
    free = np.array([[16.7e-6, 0.0], [2.6e-6, 0.0]]) * -150.0
    q = laminate.plane_stress_pa(e, e, 0.0 * e)
    die = laminate.face_stress_pa(t, q, free, laminate.shape(t, q, free))[1, :, 0]
    joined = trilayer.joint(
        die_thickness_m=0.5e-3, substrate_thickness_m=1e-3, attach_thickness_m=1e-6, die_modulus_pa=130e9,
        substrate_modulus_pa=117e9, attach_modulus_pa=3e9, die_poisson=0.0, substrate_poisson=0.0,
        attach_poisson=0.35,
    )  # fmt: skip
    got = trilayer.stress(joined, (16.7e-6 - 2.6e-6) * -150.0, 1.0)
    assert got.die_interface_pa == pytest.approx(die[0], rel=1e-9)
    assert got.die_outer_pa == pytest.approx(die[1], rel=1e-9)
    assert die[0] < 0.0 < die[1]


@BRIEF
@given(st.floats(1e-4, 0.02), st.floats(1e-5, 2e-4), st.floats(1e8, 3e10), st.floats(1.1, 5.0))
def test_softer_or_thicker_attach_lowers_shear(half, thickness, modulus, factor):
    strain = -2e-3
    base = abs(trilayer.stress(die_on(modulus, thickness), strain, half).edge_shear_pa)
    soft = abs(trilayer.stress(die_on(modulus / factor, thickness), strain, half).edge_shear_pa)
    thick = abs(trilayer.stress(die_on(modulus, thickness * factor), strain, half).edge_shear_pa)
    assert soft < base
    assert thick < base
    longer = abs(trilayer.stress(die_on(modulus, thickness), strain, half * factor).edge_shear_pa)
    assert longer >= base * (1.0 - 1e-12)
    assert trilayer.stress(die_on(modulus, thickness), 0.0, half).edge_shear_pa == 0.0


def test_an_attach_that_cannot_contract_is_stiffer_than_its_modulus():
    # 3 GPa, 0.35, 50 um: 3 x 0.65/(1.35 x 0.3) GPa over 50 um
    assert die_on().peel_stiffness_pa_per_m == pytest.approx(4.8148e9 / 50e-6, rel=1e-4)


def test_peel_solves_its_equation_and_its_edges():
    # the same beams on springs, by collocation
    joined, strain, half = die_on(), -2.1e-3, 5e-3
    k, d1, d2 = joined.decay_per_m, joined.flexural_1_n_m, joined.flexural_2_n_m
    force = strain / joined.axial_compliance_m_per_n
    spring = joined.peel_stiffness_pa_per_m
    lean = 0.5 * spring * (joined.thickness_1_m / d1 - joined.thickness_2_m / d2)
    stiff = spring * (1 / d1 + 1 / d2)
    s = half  # x = s y, p in units of 1 MPa

    def rhs(y, p):
        slope = k**2 * force * np.cosh(k * s * y) / np.cosh(k * half)
        return np.vstack([p[1], p[2], p[3], s**4 * (-stiff * p[0] - lean * slope * 1e-6)])

    def ends(a, b):
        shear = k * force * np.tanh(k * half)
        return np.array([a[1], a[3], b[2], b[3] + s**3 * lean * shear * 1e-6])

    y = np.linspace(0.0, 1.0, 401) ** 0.5
    numeric = solve_bvp(rhs, ends, y, np.zeros((4, y.size)), tol=1e-6, max_nodes=40000)
    assert numeric.success
    at = np.array([0.0, 0.3, 0.8, 0.95, 0.99, 1.0])
    found = trilayer.peel_pa(joined, strain, half, at * half) * 1e-6
    assert found == pytest.approx(numeric.sol(at)[0], rel=1e-3, abs=1e-4 * np.max(np.abs(found)))


@BRIEF
@given(st.floats(1e-3, 2e-2), st.floats(1e9, 5e10), st.floats(2e-4, 2e-3))
def test_peel_opens_and_closes_in_balance(half, modulus, substrate):
    # free ends: the peel has no resultant and no moment
    joined = die_on(modulus, substrate=substrate)
    x = half * (1.0 - np.concatenate([[0.0], np.geomspace(1e-7, 1.0, 20001)]))[::-1]
    p = trilayer.peel_pa(joined, -1e-3, half, x)
    size = np.trapezoid(np.abs(p), x)
    assert abs(np.trapezoid(p, x)) < 1e-3 * size


def test_no_peel_between_equal_plates():
    # h/D equal on both sides: nothing to pry
    joined = trilayer.joint(
        die_thickness_m=1e-3, substrate_thickness_m=1e-3, attach_thickness_m=5e-5, die_modulus_pa=1e11,
        substrate_modulus_pa=1e11, attach_modulus_pa=3e9, die_poisson=0.3, substrate_poisson=0.3, attach_poisson=0.3,
    )  # fmt: skip
    assert np.all(np.abs(trilayer.peel_pa(joined, 1e-3, 5e-3, np.linspace(0, 5e-3, 9))) < 1e-6)


def test_shear_along_the_joint_ends_at_the_edge_value():
    joined = die_on()
    edge = trilayer.stress(joined, -2e-3, 5e-3).edge_shear_pa
    x = np.linspace(-5e-3, 5e-3, 4001)
    tau = trilayer.shear_pa(joined, -2e-3, 5e-3, x)
    assert tau[-1] == pytest.approx(edge, rel=1e-12)
    assert tau == pytest.approx(-tau[::-1], abs=1.0)
    # what shear there is between the middle and the edge is the force in the die, sigma h
    membrane = 0.5 * sum(
        getattr(trilayer.stress(joined, -2e-3, 5e-3), face) for face in ("die_interface_pa", "die_outer_pa")
    )
    half = tau[2000:]
    assert np.trapezoid(half, x[2000:]) == pytest.approx(membrane * 0.5e-3, rel=1e-4)


# ---- solid elements: two packages in plane strain


def solid_bow(layers, length, rise, nx, ny_each):
    """Middle over end of a free stack, eight-node solids in plane strain; written from the weak form alone."""
    faces = np.concatenate([[0.0], np.cumsum([t for t, *_ in layers])])
    y = np.concatenate(
        [np.linspace(faces[i], faces[i + 1], 2 * ny_each + 1)[:-1] for i in range(len(layers))]
    )
    y = np.append(y, faces[-1])
    x = np.linspace(0.0, 0.5 * length, 2 * nx + 1)  # half of it: symmetry at x = 0
    number = np.arange(x.size * y.size).reshape(x.size, y.size)
    gp, gw = np.polynomial.legendre.leggauss(3)
    rows, cols, vals, load = [], [], [], np.zeros(2 * number.size)
    shapes = []
    for xi, wx in zip(gp, gw, strict=True):
        for et, wy in zip(gp, gw, strict=True):
            one = np.array([xi * (xi - 1) / 2, 1 - xi**2, xi * (xi + 1) / 2])
            two = np.array([et * (et - 1) / 2, 1 - et**2, et * (et + 1) / 2])
            d1, d2 = np.array([xi - 0.5, -2 * xi, xi + 0.5]), np.array([et - 0.5, -2 * et, et + 0.5])
            shapes.append((np.outer(d1, two).ravel(), np.outer(one, d2).ravel(), wx * wy))
    hx = x[2] - x[0]
    for layer, (thickness, e, v, a) in enumerate(layers):
        hy = thickness / ny_each
        c = e / ((1 + v) * (1 - 2 * v))
        mat = c * np.array([[1 - v, v, 0], [v, 1 - v, 0], [0, 0, 0.5 - v]])
        ke, fe = np.zeros((18, 18)), np.zeros(18)
        for dx, dy, w in shapes:
            b = np.zeros((3, 18))
            b[0, 0::2], b[1, 1::2] = dx * 2 / hx, dy * 2 / hy
            b[2, 0::2], b[2, 1::2] = dy * 2 / hy, dx * 2 / hx
            area = w * hx * hy / 4
            ke += b.T @ mat @ b * area
            # plane strain: the held z direction adds nu alpha
            fe += b.T @ mat @ (np.array([1.0, 1.0, 0.0]) * (1 + v) * a * rise) * area
        for i in range(nx):
            for j in range(layer * ny_each, (layer + 1) * ny_each):
                nodes = number[2 * i : 2 * i + 3, 2 * j : 2 * j + 3].ravel()
                dof = np.stack([2 * nodes, 2 * nodes + 1], axis=1).ravel()
                rows.append(np.repeat(dof, 18))
                cols.append(np.tile(dof, 18))
                vals.append(ke.ravel())
                load[dof] += fe
    k = coo_matrix((np.concatenate(vals), (np.concatenate(rows), np.concatenate(cols)))).tocsr()
    held = np.append(2 * number[0], 2 * number[0, 0] + 1)
    free = np.setdiff1d(np.arange(load.size), held)
    u = np.zeros(load.size)
    u[free] = spsolve(k[free][:, free], load[free])
    return u[2 * number[0, 0] + 1] - u[2 * number[-1, 0] + 1]


@pytest.mark.parametrize(
    ("layers", "length"),
    [
        # flip chip: core and build-up under underfill and die; power device: copper base, sintered silver, die
        ([(1.0e-3, 28e9, 0.2, 14e-6), (0.08e-3, 8e9, 0.33, 28e-6), (0.7e-3, 130e9, 0.28, 2.6e-6)], 20e-3),
        ([(1.5e-3, 120e9, 0.34, 17e-6), (0.05e-3, 30e9, 0.37, 19e-6), (0.2e-3, 130e9, 0.28, 2.6e-6)], 10e-3),
    ],
)
def test_solid_elements_agree_with_the_plate(layers, length):
    rise = -140.0
    solid = solid_bow(layers, length, rise, nx=80, ny_each=3)
    t, q, _ = isotropic(layers)
    # plane strain: no strain and no curvature in y, so that x alone bends, with (1 + nu) alpha free strain
    qx, free = q[:, 0, 0], np.array([(1 + v) * a * rise for _, _, v, a in layers])
    k = laminate.layer_stiffness(t, q)[:, ::2, ::2]
    load = np.einsum("lij,l->i", k[:, :, :1], free)
    curvature = np.linalg.solve(np.sum(k, axis=0), load)[1]
    assert np.all(qx > 0.0)
    # the ends, where stress builds up, are straight over about a thickness: 3 % of the bow at these lengths
    assert solid == pytest.approx(curvature * length**2 / 8.0, rel=0.04)


# ---- history


def body(joins=(0, 0), shrink=(0.0, 0.0), tg=(np.inf, np.inf), ratio=(1.0, 1.0), a2=(2.6e-6, 14e-6)):
    return history.Layers(
        thickness_m=[0.7e-3, 1.0e-3],
        modulus_pa=[[130e9, 130e9], [25e9, 25e9]],
        poisson_xy=[0.28, 0.28],
        cte_glass_per_k=[[2.6e-6] * 2, [14e-6] * 2],
        cte_rubber_per_k=[[a2[0]] * 2, [a2[1]] * 2],
        tg_k=tg,
        rubber_ratio=ratio,
        cure_shrinkage=shrink,
        joins_at=joins,
    )


def bent(rise):
    return bimetal.curvature_per_m(0.7e-3, 1e-3, 130e9 / 0.72, 25e9 / 0.72, 2.6e-6, 14e-6, rise)


def test_history_of_elastic_layers_is_the_bimetal():
    found = history.follow(body(), [450.0, 300.0, 500.0])
    assert found.curvature_per_m[:, 0] == pytest.approx(
        [0.0, float(bent(-150.0)), float(bent(50.0))], abs=1e-12
    )
    assert found.unbalance < 1e-10


def test_a_layer_joins_free_of_stress_wherever_it_meets_the_body():
    found = history.follow(body(joins=(0, 1)), [300.0, 450.0, 300.0])
    assert found.curvature_per_m[1] == pytest.approx([0.0, 0.0], abs=1e-12)
    assert np.max(np.abs(found.face_stress_pa[1])) < 1.0
    assert found.curvature_per_m[2, 0] == pytest.approx(float(bent(-150.0)), rel=1e-9)


def test_cure_shrinkage_is_a_fall_in_temperature_of_that_layer_alone():
    found = history.follow(body(shrink=(0.0, 14e-6 * 100.0)), [450.0])
    t, q, a = isotropic([(0.7e-3, 130e9, 0.28, 0.0), (1e-3, 25e9, 0.28, 14e-6)])
    assert found.curvature_per_m[0] == pytest.approx(
        laminate.shape(t, q, a * -100.0).curvature_per_m, rel=1e-9
    )


def test_below_tg_only_the_glass_counts_and_the_joining_above_it_hardly():
    # soft above Tg: nearly all curvature is made from Tg down
    soft = history.follow(body(tg=(np.inf, 400.0), ratio=(1.0, 1e-6)), [450.0, 300.0])
    assert soft.curvature_per_m[1, 0] == pytest.approx(float(bent(-100.0)), rel=1e-3)
    # and the two stretches add when nothing changes but expansion above Tg
    hot = history.follow(body(tg=(np.inf, 400.0), a2=(2.6e-6, 40e-6)), [450.0, 300.0])
    rubber = bimetal.curvature_per_m(0.7e-3, 1e-3, 130e9 / 0.72, 25e9 / 0.72, 2.6e-6, 40e-6, -50.0)
    assert hot.curvature_per_m[1, 0] == pytest.approx(float(bent(-100.0) + rubber), rel=1e-9)


def test_glass_forgets_when_it_is_heated_through_tg():
    # joined cold, below Tg; after a visit above Tg it is as if joined at Tg, rubber share apart
    layers = body(tg=(np.inf, 400.0), ratio=(1.0, 1e-7))
    found = history.follow(layers, [300.0, 450.0, 300.0])
    assert found.curvature_per_m[0, 0] == 0.0
    assert found.curvature_per_m[2, 0] == pytest.approx(float(bent(-100.0)), rel=1e-3)


@BRIEF
@given(
    st.lists(st.floats(260.0, 560.0), min_size=2, max_size=5),
    st.floats(300.0, 520.0), st.floats(0.01, 1.0), st.integers(0, 3),
)  # fmt: skip
def test_stops_on_the_way_change_nothing(path, tg, ratio, at):
    at = min(at, len(path) - 2)
    layers = body(tg=(np.inf, tg), ratio=(1.0, ratio), a2=(2.6e-6, 45e-6))
    stop = 0.5 * (path[at] + path[at + 1])
    straight = history.follow(layers, path)
    stopped = history.follow(layers, [*path[: at + 1], stop, *path[at + 1 :]])
    keep = [i for i in range(len(path) + 1) if i != at + 1]
    assert stopped.curvature_per_m[keep] == pytest.approx(straight.curvature_per_m, rel=1e-8, abs=1e-10)
    assert straight.unbalance < 1e-8


@BRIEF
@given(st.floats(410.0, 560.0), st.floats(260.0, 390.0), st.floats(0.01, 1.0))
def test_after_the_first_visit_above_tg_cycles_close(hot, cold, ratio):
    layers = body(tg=(np.inf, 400.0), ratio=(1.0, ratio), a2=(2.6e-6, 45e-6))
    found = history.follow(layers, [hot, cold, hot, cold, hot])
    assert found.curvature_per_m[0] == pytest.approx(found.curvature_per_m[2], abs=1e-9)
    assert found.curvature_per_m[1] == pytest.approx(found.curvature_per_m[3], abs=1e-9)


def test_a_batch_is_its_members():
    tg = np.array([[np.inf, 380.0], [np.inf, 430.0], [350.0, 600.0]])
    path = np.array([[450.0, 300.0], [460.0, 290.0], [300.0, 520.0]])
    one = [history.follow(body(tg=tuple(t), ratio=(0.5, 0.1)), p) for t, p in zip(tg, path, strict=True)]
    many = history.follow(body(tg=tg, ratio=(0.5, 0.1)), path)
    for i, single in enumerate(one):
        assert many.curvature_per_m[i] == pytest.approx(single.curvature_per_m, rel=1e-10, abs=1e-14)
        assert many.face_stress_pa[i] == pytest.approx(single.face_stress_pa, rel=1e-9, abs=1e-3)


def test_history_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="join at the first"):
        history.follow(body(joins=(1, 1)), [300.0, 400.0])
    with pytest.raises(ValueError, match="lacks"):
        history.follow(body(joins=(0, 2)), [300.0, 400.0])
    with pytest.raises(ValueError, match="kelvin"):
        history.follow(body(), [300.0, -40.0])
    with pytest.raises(ValueError, match="rubber ratio"):
        history.follow(body(ratio=(1.0, 0.0)), [300.0, 400.0])


# ---- bow and large deflection


@BRIEF
@given(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0), st.floats(5e-3, 8e-2), st.floats(5e-3, 8e-2))
def test_warpage_is_the_range_of_the_surface(kx, ky, a, b):
    x, y = np.meshgrid(np.linspace(-a / 2, a / 2, 5), np.linspace(-b / 2, b / 2, 5))
    surface = -0.5 * kx * x**2 - 0.5 * ky * y**2
    found = bow.signed_warpage_m(kx, ky, a, b)
    assert abs(found) == pytest.approx(np.ptp(surface), rel=1e-9, abs=1e-18)
    assert found == pytest.approx(bow.signed_warpage_m(ky, kx, b, a), rel=1e-12, abs=1e-18)


def test_a_die_on_top_of_an_organic_body_cools_into_a_dome():
    layers = history.Layers(
        thickness_m=[1.0e-3, 0.7e-3], modulus_pa=[[25e9] * 2, [130e9] * 2], poisson_xy=[0.2, 0.28],
        cte_glass_per_k=[[15e-6] * 2, [2.6e-6] * 2], cte_rubber_per_k=[[15e-6] * 2, [2.6e-6] * 2],
        tg_k=[np.inf] * 2, rubber_ratio=[1.0] * 2, cure_shrinkage=[0.0] * 2, joins_at=(0, 0),
    )  # fmt: skip
    found = history.follow(layers, [423.15, 298.15, 523.15]).curvature_per_m
    room, reflow = (bow.signed_warpage_m(*found[i], 30e-3, 30e-3) for i in (1, 2))
    assert reflow < 0.0 < room
    # of a saddle, the larger part gives the sign
    assert bow.signed_warpage_m(2.0, -1.0, 1e-2, 1e-2) > 0.0 > bow.signed_warpage_m(1.0, -2.0, 1e-2, 1e-2)


def test_overhang_is_an_arc_that_goes_straight_on():
    assert bow.overhang_warpage_m(2.0, 2.0, 10e-3, 30e-3) == pytest.approx(
        bimetal.bow_m(2.0, 30e-3), rel=1e-12
    )
    # bare rim: tangent at the edge of the die, k a = 0.01, over 10 mm
    assert bow.overhang_warpage_m(2.0, 0.0, 10e-3, 30e-3) == pytest.approx(
        2 * 25e-6 / 2 + 0.01 * 10e-3, rel=1e-12
    )
    with pytest.raises(ValueError, match="longer"):
        bow.overhang_warpage_m(1.0, 0.0, 2e-2, 1e-2)


E_WAFER, V_WAFER, T_WAFER, R_WAFER = 160e9, 0.25, 0.7e-3, 0.15
D_WAFER = E_WAFER * T_WAFER**3 / (12 * (1 - V_WAFER**2))
BEND = D_WAFER * np.array([[1.0, V_WAFER], [V_WAFER, 1.0]])
STRETCH = large_deflection.disc_stretch_n(R_WAFER, E_WAFER * T_WAFER)


@BRIEF
@given(st.floats(1e-3, 0.99))
def test_disc_is_freunds_dome_until_it_rolls(share):
    # Freund 2000: S = K (1 + (1 - nu) K^2) with K = k R^2/(4 t), up to K = (1 + nu)^-1/2
    k = share * 4 * T_WAFER / R_WAFER**2 / np.sqrt(1 + V_WAFER)
    big = k * R_WAFER**2 / (4 * T_WAFER)
    free = k * (1 + (1 - V_WAFER) * big**2)
    found = large_deflection.settle(free, free, BEND, STRETCH)
    assert found.curvature_x_per_m == pytest.approx(k, rel=1e-5)
    assert found.curvature_y_per_m == pytest.approx(k, rel=1e-5)
    assert not found.rolled


def test_disc_beyond_freunds_bifurcation_is_one_of_two_rolls():
    # S_c = 2 (1 + nu)^-3/2 (Freund 2000)
    critical = 2 * (1 + V_WAFER) ** -1.5 * 4 * T_WAFER / R_WAFER**2
    below = large_deflection.settle(0.99 * critical, 0.99 * critical, BEND, STRETCH)
    above = large_deflection.settle(1.05 * critical, 1.05 * critical, BEND, STRETCH)
    far = large_deflection.settle(50 * critical, 50 * critical, BEND, STRETCH)
    assert not below.rolled and above.rolled and far.rolled
    # far beyond, one curvature dies away and the other is (1 + nu) times that of the strip of the same mismatch
    assert far.curvature_x_per_m == pytest.approx((1 + V_WAFER) * 50 * critical, rel=1e-3)
    assert abs(far.curvature_y_per_m) < 1e-2 * critical


@BRIEF
@given(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0), st.floats(0.01, 0.08), st.floats(0.5, 2.0))
def test_large_bodies_never_store_more_than_the_free_shape_would(kx, ky, side, aspect):
    t, q, _ = isotropic([(0.7e-3, 130e9, 0.28, 2.6e-6), (1e-3, 25e9, 0.28, 14e-6)])
    d = laminate.reduced_bending_n_m(t, q)
    compliance = large_deflection.sheet_compliance(laminate.membrane_n_per_m(t, q), 50e6)
    m = large_deflection.rectangle_stretch_n(side, side * aspect, compliance)
    found = large_deflection.settle(kx, ky, d, m)

    def energy(u, v):
        s = np.array([u - kx, v - ky])
        return 0.5 * s @ d @ s + 0.5 * m * (u * v) ** 2

    u, v = float(found.curvature_x_per_m), float(found.curvature_y_per_m)
    # least of all, on a grid that knows nothing of the polynomial
    span = np.linspace(-1.6, 1.6, 41) * max(abs(kx), abs(ky), 1e-3)
    grid = min(energy(a, b) for a in span for b in span)
    assert energy(u, v) <= grid + 1e-9 * d[0, 0] * (kx**2 + ky**2 + 1e-12)
    # and stationary
    step = 1e-4 * max(abs(u), abs(v), 1e-3)
    for du, dv in ((step, 0), (-step, 0), (0, step), (0, -step)):
        assert energy(u + du, v + dv) >= energy(u, v) - 1e-12


def test_small_bodies_bend_as_without_stretch():
    found = large_deflection.settle([0.0, 0.3], [0.0, -0.2], BEND, [0.0, 1e-12])
    assert found.curvature_x_per_m == pytest.approx([0.0, 0.3], rel=1e-9)
    assert found.curvature_y_per_m == pytest.approx([0.0, -0.2], rel=1e-9)


def test_a_long_sheet_resists_by_its_stiffness_along():
    # F = x^2 (a - x)^2/(24 a22) across the short side: mean a^4/(720 a22); the ends of a 6 : 1 sheet cost a tenth
    compliance = np.array([3e-9, 1e-9, 2e-9])
    found = large_deflection.rectangle_stretch_n(0.01, 0.06, compliance)
    assert found == pytest.approx(0.01**4 / (720 * 1e-9), rel=0.15)
    # and turned round
    turned = large_deflection.rectangle_stretch_n(0.06, 0.01, compliance[[1, 0, 2]])
    assert turned == pytest.approx(float(found), rel=1e-9)


def test_an_isotropic_sheet_is_one_of_the_orthotropic():
    a = 8e7 / (1 - 0.28**2) * np.array([[1.0, 0.28], [0.28, 1.0]])
    found = large_deflection.sheet_compliance(a, 8e7 / (2 * 1.28))
    assert found == pytest.approx(large_deflection.isotropic_compliance(8e7), rel=1e-12)


def test_square_resists_more_than_the_disc_within_and_less_than_that_round_it():
    compliance = large_deflection.isotropic_compliance(1e8)
    inner, outer = (large_deflection.disc_stretch_n(r, 1e8) for r in (0.02, 0.02 * np.sqrt(2.0)))
    assert inner < large_deflection.rectangle_stretch_n(0.04, 0.04, compliance) < outer
