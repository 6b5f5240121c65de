/** @file The spectrum of a Hessian from products alone, on a matrix of three rows. */
import { rng } from "../core/rng.ts";
import { defineReference, once, printed } from "../reference.ts";
import { hutchinsonTrace, lanczos, probeVariance, spectralDensity } from "../theory/geometry/hessian-spectrum.ts";
import { apply, gramOf, symmetricEigen } from "../theory/numerics/dense.ts";

const toy = Float64Array.of(2, 1, 0, 1, 3, 1, 0, 1, 4);
const product = (v: Float64Array) => apply(toy, v);
const ritz = once(() => lanczos(product, 3, { steps: 10, rng: rng(1) }).values);
const signs = once(() => hutchinsonTrace(product, 3, { probes: 20_000, rng: rng(2), law: "signs" }));
const normals = once(() => hutchinsonTrace(product, 3, { probes: 20_000, rng: rng(2), law: "normals" }));

/** A Gram matrix of 60 rows: second moment of its spectrum, by quadrature and from its eigenvalues. */
const large = once(() => {
  const random = rng(3);
  const n = 60;
  const matrix = gramOf(
    Float64Array.from({ length: 2 * n * n }, () => random.normal()),
    n,
  );
  const { values, weights } = spectralDensity((v) => apply(matrix, v), n, { steps: 12, probes: 200, rng: rng(6) });
  const exact = symmetricEigen(matrix, n).values;
  const moment = (power: number) => weights.reduce((sum, each, i) => sum + each * values[i]! ** power, 0);
  const true_ = (power: number) => exact.reduce((sum, each) => sum + each ** power, 0) / n;
  return { ratio: moment(2) / true_(2), unweighted: values.reduce((s, v) => s + v * v, 0) / values.length / true_(2) };
});

export const hessianSpectrum = defineReference({
  id: "hessian-spectrum",
  line: "E13",
  title: "The spectrum of a Hessian: [[2, 1, 0], [1, 3, 1], [0, 1, 4]]",
  source: "Lanczos; Hutchinson 1990 (variance 2(‖H‖² − Σ Hᵢᵢ²) with signs, 2‖H‖² with normals); Ghorbani et al. 2019",
  quantities: [
    { name: "least eigenvalue", published: printed("1.267949"), compute: () => ritz()[0]! },
    { name: "middle eigenvalue", published: printed("3", 1e-9), compute: () => ritz()[1]! },
    { name: "greatest eigenvalue", published: printed("4.732051"), compute: () => ritz()[2]! },
    { name: "trace, 20,000 probes of signs", published: printed("9", 0.08), compute: signs },
    {
      name: "variance of a probe of signs",
      published: printed("8", 1e-9),
      compute: () => probeVariance(toy, 3, "signs"),
      mistakes: [
        { name: "without its factor of 2", compute: () => probeVariance(toy, 3, "signs") / 2 },
        { name: "that of normal probes", compute: () => probeVariance(toy, 3, "normals") },
      ],
    },
    {
      name: "variance of a probe of signs, from 20,000",
      published: printed("8", 0.3),
      compute: () => signs().standardError ** 2 * 20_000,
    },
    {
      name: "variance of a normal probe",
      published: printed("66", 1e-9),
      compute: () => probeVariance(toy, 3, "normals"),
    },
    {
      name: "variance of a normal probe, from 20,000",
      published: printed("66", 4),
      compute: () => normals().standardError ** 2 * 20_000,
    },
    {
      name: "density by stochastic Lanczos quadrature, 60 rows: second moment over the exact one",
      published: printed("1.00", 0.03),
      compute: () => large().ratio,
      mistakes: [{ name: "Ritz values without their weights", compute: () => large().unweighted }],
    },
  ],
});
