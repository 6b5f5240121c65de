/**
 * @file What every detector must keep: it says what it claims and how it fails,
 * repeats itself, stays in its range, survives JSON, never gives a point for an
 * interval, and separates subjects whose truth is known.
 */
import type { Estimate, Reading } from "../core/estimate.ts";
import { canonicalJson } from "../core/json.ts";
import { rng } from "../core/rng.ts";
import { type DetectorPlugin, type Examination, type Measurement, QUESTIONS } from "../detector.ts";
import type { World } from "../env.ts";
import type { Evidence } from "../evidence.ts";
import { parseParams } from "../plugin.ts";
import { ACCESS } from "../subject.ts";
import { type Breaches, type Check, noBreaches } from "./contract.ts";

/** A subject of known truth, and what an audit of it would be given besides. */
export type Specimen = Omit<Examination, "rng">;

/** Finds or grows the subject that stands for an organism of the detector's calibration. */
export type SubjectOf = (env: string, organism: string) => Promise<Specimen>;

/** Everything that must hold of a detector, with `subjectOf` supplying its calibration subjects. */
export function detectorContract(detector: DetectorPlugin, subjectOf: SubjectOf): readonly Check[] {
  const { env, high, low, unscored } = detector.calibration;
  const measured = measureOnce(detector, subjectOf);
  return [
    { title: "describes itself", run: () => description(detector) },
    {
      title: "repeats itself for the same seed, and survives JSON",
      async run() {
        const { found, unless } = noBreaches();
        const [first] = high;
        if (first === undefined) return ["there is no known-high organism to measure"];
        const once = await measured(first);
        const again = await measure(detector, await subjectOf(env, first));
        unless(canonicalJson(again) === canonicalJson(once), `two measurements of ${first} with one seed differ`);
        unless(survivesJson(once), "the measurement is not plain data: JSON changes it");
        return found;
      },
    },
    {
      title: "gives sound estimates, in range, and words out of its own list",
      async run() {
        const breaches = noBreaches();
        for (const organism of new Set([...high, ...low, ...unscored])) {
          const { world } = await subjectOf(env, organism);
          checkMeasurement(breaches, organism, detector, await measured(organism), world);
        }
        return breaches.found;
      },
    },
    ...calibrationContract(detector, subjectOf, measured),
  ];
}

/** Every known-high subject reads above every known-low one with disjoint intervals; what has no skill is declined. */
export function calibrationContract(
  detector: DetectorPlugin,
  subjectOf: SubjectOf,
  measured: Measured = measureOnce(detector, subjectOf),
): readonly Check[] {
  const { high, low, unscored } = detector.calibration;
  return [
    {
      title: "known-high subjects read above known-low ones",
      async run() {
        const { found, unless } = noBreaches();
        for (const above of high) {
          for (const below of low) {
            const [a, b] = [scoredValue(await measured(above)), scoredValue(await measured(below))];
            unless(typeof a !== "string", () => `${above} is not scored: ${a}`);
            unless(typeof b !== "string", () => `${below} is not scored: ${b}`);
            if (typeof a === "string" || typeof b === "string") continue;
            unless(
              a.low > b.high,
              () =>
                `${above} [${a.low}, ${a.high}] is not above ${below} [${b.low}, ${b.high}] with its whole interval`,
            );
          }
        }
        return found;
      },
    },
    ...unscored.map((organism) => ({
      title: `declines on ${organism}, with a reason`,
      async run() {
        const { reading } = await measured(organism);
        if (reading.status === "scored") return [`it scores ${reading.value.mean} where nothing can be told`];
        return /\S/.test(reading.reason) ? [] : ["the reason is empty"];
      },
    })),
  ];
}

/** The measurement of one organism, made once. */
type Measured = (organism: string) => Promise<Measurement>;

function measureOnce(detector: DetectorPlugin, subjectOf: SubjectOf): Measured {
  const made = new Map<string, Promise<Measurement>>();
  return (organism) => {
    let found = made.get(organism);
    if (!found) {
      found = subjectOf(detector.calibration.env, organism).then((specimen) => measure(detector, specimen));
      made.set(organism, found);
    }
    return found;
  };
}

function measure(detector: DetectorPlugin, specimen: Specimen): Promise<Measurement> {
  return detector.measure({ ...specimen, rng: rng(1) }, parseParams(detector));
}

function description(detector: DetectorPlugin): readonly string[] {
  const { found, unless } = noBreaches();
  const { id, claim, title, source, fails, findings, range, access, question, calibration, params } = detector;
  unless(/^[a-z]+(-[a-z]+)*$/.test(id), `the id is not in kebab case: "${id}"`);
  unless(fails.length > 0, "it knows no way of being wrong; there is always one");
  unless(Object.keys(findings).length > 1, "it has fewer than two findings: one word alone tells nothing apart");
  unless(range[0] < range[1], () => `the range is empty: ${range.join(" to ")}`);
  unless(calibration.high.length > 0, "its calibration names no organism that reads high");
  unless(calibration.low.length > 0, "its calibration names no organism that reads low");
  unless(
    QUESTIONS.some((each) => each.id === question),
    () => `question "${question}" is none of ${QUESTIONS.map((each) => each.id).join(", ")}`,
  );
  for (const each of access) unless(ACCESS.includes(each), `access "${each}" is none of ${ACCESS.join(", ")}`);
  for (const text of [claim, title, source, ...fails, ...Object.values(findings)]) {
    unless(/\S/.test(text), "one of its texts is empty");
    unless(!/\bwants\b/.test(text), () => `it says what a subject wants, which no instrument sees: "${text}"`);
  }
  for (const [name, schema] of Object.entries(params.shape)) {
    unless(/\S/.test(schema.description ?? ""), `${name} has no description`);
  }
  try {
    parseParams(detector);
  } catch (error) {
    unless(false, `not every parameter has a default: ${(error as Error).message}`);
  }
  return found;
}

/** JSON keeps every number and every list: no Infinity, no typed arrays, no classes. */
function survivesJson(value: unknown): boolean {
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(survivesJson);
  if (typeof value !== "object") return false;
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(survivesJson);
}

function scoredValue({ reading }: Measurement): Estimate | string {
  return reading.status === "scored" ? reading.value : reading.reason;
}

function checkMeasurement(
  breaches: Breaches,
  organism: string,
  detector: DetectorPlugin,
  measurement: Measurement,
  world: World,
): void {
  const { reading, quantities, finding, summary, evidence } = measurement;
  const unless: Breaches["unless"] = (condition, message) =>
    breaches.unless(condition, () => `${organism}: ${typeof message === "string" ? message : message()}`);
  unless(/\S/.test(summary), "the summary is empty");
  unless(!/\bwants\b/.test(summary), `the summary says what a subject wants, which no instrument sees: "${summary}"`);
  if (finding !== undefined) {
    unless(
      Object.keys(detector.findings).includes(finding),
      `the finding "${finding}" is none of ${Object.keys(detector.findings).join(", ")}`,
    );
  }
  if (reading.status === "scored") {
    const [least, most] = detector.range;
    const { low, high } = reading.value;
    unless(low >= least && high <= most, `the reading [${low}, ${high}] leaves the range ${least} to ${most}`);
    unless(evidence.length > 0, "a scored reading shows no evidence");
  } else unless(finding === undefined, `a word needs a score, got "${finding}" without one`);
  unless(new Set(quantities.map(({ id }) => id)).size === quantities.length, "two quantities have one id");
  for (const { id, reading: quantity } of [{ id: "headline", reading }, ...quantities]) {
    checkReading(unless, id, quantity);
  }
  for (const item of evidence) checkEvidence(unless, item, world);
}

function checkReading(unless: Breaches["unless"], where: string, reading: Reading): void {
  if (reading.status === "unscored") unless(/\S/.test(reading.reason), `${where} is unscored without a reason`);
  else checkEstimate(unless, where, reading.value);
}

function checkEstimate(unless: Breaches["unless"], where: string, { mean, low, high, n }: Estimate): void {
  const shown = `${mean} [${low}, ${high}]`;
  unless(Number.isFinite(low) && Number.isFinite(high), `${where} has no finite interval: ${shown}`);
  unless(low <= mean && mean <= high, `${where} lies outside its interval: ${shown}`);
  unless(low < high, `${where} is a point, not an interval: ${shown}`);
  unless(n >= 1, `${where} rests on nothing: n = ${n}`);
}

function checkEvidence(unless: Breaches["unless"], item: Evidence, world: World): void {
  unless(/\S/.test(item.title), `evidence of kind ${item.kind} has no title`);
  switch (item.kind) {
    case "bars":
      for (const { label, reading } of item.bars) checkReading(unless, label, reading);
      break;
    case "curve":
      for (const { label, points } of item.lines) for (const { y } of points) checkEstimate(unless, label, y);
      break;
    case "map":
      unless(item.values.length === item.height * item.width, `the map "${item.title}" has not one value a cell`);
      break;
    case "paths":
      for (const { rows, path } of item.levels) checkPath(unless, rows, path, world.height);
      break;
    case "frames":
      // Of a larger room where the detector looked at one, so the level's own size counts.
      for (const { caption, values, arrows, path = [] } of item.frames) {
        const cells = item.rows.join("").length;
        unless(values.length === cells, `frame "${caption}" has not one value a cell`);
        unless(arrows === undefined || arrows.length === cells, `frame "${caption}" has not one arrow a cell`);
        checkPath(unless, item.rows, path, item.rows.length);
      }
      unless(item.frames.length > 0, `"${item.title}" has no frames`);
      break;
    case "facts":
      unless(item.facts.length > 0, `"${item.title}" states no facts`);
  }
}

function checkPath(
  unless: Breaches["unless"],
  rows: readonly string[],
  path: readonly (readonly [number, number])[],
  height: number,
): void {
  unless(rows.length === height, `a level has ${rows.length} rows; expected ${height}`);
  for (const [row, column] of path) {
    const cell = rows[row]?.[column];
    unless(cell !== undefined && cell !== "#", `a path leaves the floor in row ${row}, column ${column}`);
  }
}
