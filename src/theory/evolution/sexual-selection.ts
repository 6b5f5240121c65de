/**
 * @file Runaway sexual selection: a preference that is never selected for itself drags a costly
 * trait with it, because both are inherited together (Fisher 1930).
 *
 * Two classical models in closed form and by iteration: Lande 1981 (many loci, constant genetic
 * variances) and Kirkpatrick 1982 (two haploid loci, exact). Constant variances are an
 * approximation, and the neutral lines vanish under mutation or direct selection on the
 * preference (Bulmer 1989; Hall, Kirkpatrick and West 2000): parables, not predictions.
 */
import { assert } from "../../core/errors.ts";

/** Lande's model with psychophysical preference, per generation. */
export interface Lande {
  /** G, additive variance of the male trait. */
  readonly variance: number;
  /** B, additive covariance of trait and preference. */
  readonly covariance: number;
  /** ω², width of stabilizing viability selection around θ. */
  readonly width: number;
  /** θ */
  readonly optimum: number;
}

/** Mean trait z of males and mean preference y of females. */
export interface TraitAndPreference {
  readonly trait: number;
  readonly preference: number;
}

/** One generation: β = y − (z − θ)/ω², Δz = ½ G β, Δy = ½ B β; the half, since each acts in one sex. */
export function landeStep(
  { variance, covariance, width, optimum }: Lande,
  now: TraitAndPreference,
): TraitAndPreference {
  const beta = now.preference - (now.trait - optimum) / width;
  return { trait: now.trait + 0.5 * variance * beta, preference: now.preference + 0.5 * covariance * beta };
}

/** Factor by which the distance to the line y = (z − θ)/ω² grows in a generation: 1 + ½ (B − G/ω²). */
export const landeRate = ({ variance, covariance, width }: Lande): number => 1 + 0.5 * (covariance - variance / width);

/** Runaway iff B/G > 1/ω²: the path is steeper than the line of equilibria. */
export const isRunaway = ({ variance, covariance, width }: Lande): boolean => covariance / variance > 1 / width;

/**
 * Where the path from a start ends: it has slope B/G and meets y = (z − θ)/ω². Undefined for a
 * runaway and on its border, where it never does.
 */
export function landeEquilibrium(model: Lande, start: TraitAndPreference): TraitAndPreference | undefined {
  const { variance, covariance, width, optimum } = model;
  const slope = covariance / variance;
  if (slope >= 1 / width) return undefined;
  const trait = (start.preference - slope * start.trait + optimum / width) / (1 / width - slope);
  return { trait, preference: (trait - optimum) / width };
}

/** Kirkpatrick's model: trait locus T, preference locus P, haploid. */
export interface Kirkpatrick {
  /** s: males with T2 survive with 1 − s. */
  readonly cost: number;
  /** a: females with P2 take a male with T2 a times as readily. */
  readonly preference: number;
  /** r */
  readonly recombination: number;
}

/** Frequencies of T1P1, T1P2, T2P1, T2P2 among zygotes; they sum to 1. */
export type Haplotypes = readonly [t1p1: number, t1p2: number, t2p1: number, t2p2: number];

/** Haplotypes from allele frequencies t of T2 and p of P2, and D = x₁₁x₂₂ − x₁₂x₂₁. */
export function haplotypes(t: number, p: number, disequilibrium = 0): Haplotypes {
  return [
    (1 - t) * (1 - p) + disequilibrium,
    (1 - t) * p - disequilibrium,
    t * (1 - p) - disequilibrium,
    t * p + disequilibrium,
  ];
}

/** Frequencies t of T2 and p of P2, and the linkage disequilibrium D. */
export function alleles([a, b, c, d]: Haplotypes): { readonly t: number; readonly p: number; readonly d: number } {
  return { t: c + d, p: b + d, d: a * d - b * c };
}

/** One generation: viability of males, choice by females (all of whom mate), recombination. */
export function kirkpatrickStep({ cost, preference, recombination }: Kirkpatrick, zygotes: Haplotypes): Haplotypes {
  const alive = zygotes[0] + zygotes[1] + (1 - cost) * (zygotes[2] + zygotes[3]);
  const males = zygotes.map((each, i) => (each * (i >= 2 ? 1 - cost : 1)) / alive);
  const appeal = males[0]! + males[1]! + preference * (males[2]! + males[3]!);
  const next = [0, 0, 0, 0];
  for (let mother = 0; mother < 4; mother++) {
    for (let father = 0; father < 4; father++) {
      const chosen = mother % 2 === 1 ? (males[father]! * (father >= 2 ? preference : 1)) / appeal : males[father]!;
      const pair = zygotes[mother]! * chosen;
      // T of one parent with P of the other where recombination falls between, either parent giving T.
      next[mother]! += (pair * (1 - recombination)) / 2;
      next[father]! += (pair * (1 - recombination)) / 2;
      next[(mother & 2) | (father & 1)]! += (pair * recombination) / 2;
      next[(father & 2) | (mother & 1)]! += (pair * recombination) / 2;
    }
  }
  return [next[0]!, next[1]!, next[2]!, next[3]!];
}

/**
 * The t of T2 at equilibrium for a frequency p of P2, among zygotes: with D = p((1 − s)a − 1)/(s(1 − p)), survivors
 * have t′ = (D − 1)/(a − 1) and zygotes t = t′/(1 − s + s t′). Clipped to 0 and 1 outside {@link kirkpatrickRange}.
 */
export function kirkpatrickLine({ cost: s, preference: a }: Kirkpatrick, p: number): number {
  assert(p >= 0 && p < 1 && s > 0 && a > 1, `a cost, a preference above 1 and p in [0, 1), got ${s}, ${a} and ${p}`);
  const ratio = (p * ((1 - s) * a - 1)) / (s * (1 - p));
  const survivors = Math.min(1, Math.max(0, (ratio - 1) / (a - 1)));
  return survivors / (1 - s + s * survivors);
}

/** The p between which both trait alleles persist: [s/(s + (1−s)a − 1), as/(as + (1−s)a − 1)]. */
export function kirkpatrickRange({ cost: s, preference: a }: Kirkpatrick): readonly [low: number, high: number] {
  const gain = (1 - s) * a - 1;
  return [s / (s + gain), (a * s) / (a * s + gain)];
}
