/**
 * @file What a reference is: numbers that were published or derived for a subject, how far ours may lie from them, and
 * how ours are computed. `mesascope theory` prints both side by side.
 *
 * Versions of a formula that are known to be wrong stand beside the number that exposes them: a tolerance that they
 * pass is too wide.
 */

/** A mean over draws with its 95 % interval; an estimate is one. */
export interface Spread {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** A number, exact or by quadrature, or a mean over draws. */
export type Computed = number | Spread;

/** What was published, and where ours has to lie. */
export interface Published {
  /** As it is printed: `1.53875`, `0.70 to 0.82`, `above 0.997`. */
  readonly text: string;
  /** Ours is within from here … */
  readonly low: number;
  /** … to here, both included. */
  readonly high: number;
  /** As it is printed; empty where the text says it. */
  readonly tolerance: string;
  /** Decimals that ours is printed with. */
  readonly decimals: number;
}

/** A wrong way to compute a quantity, in circulation or likely; its result lies outside. */
export interface Mistake {
  readonly name: string;
  compute(): Computed | Promise<Computed>;
}

/** One number. */
export interface Quantity {
  /** Unique within its reference. */
  readonly name: string;
  readonly published: Published;
  compute(): Computed | Promise<Computed>;
  readonly mistakes?: readonly Mistake[];
  /** Why the tolerance is what it is, where that is no matter of rounding. */
  readonly note?: string;
  /** It takes more than about a second. */
  readonly isSlow?: boolean;
}

/** The numbers of one subject. */
export interface ReferencePlugin {
  /** Equal to the file name. */
  readonly id: string;
  /** Line of the acceptance list, E1 to E18; E0 for what is not on it. Several references may share one. */
  readonly line: string;
  readonly title: string;
  /** Papers, and how the numbers were got where no paper has them. */
  readonly source: string;
  readonly quantities: readonly Quantity[];
}

export const defineReference = (reference: ReferencePlugin): ReferencePlugin => Object.freeze(reference);

/**
 * A number as it was printed.
 *
 * @param text its digits, a decimal point, an ASCII minus: `-0.0874628`
 * @param within how far ours may lie; half a unit of the last digit when left out, which is what rounding allows
 * @example
 * printed("0.5642").high; // => ≈ 0.56425
 */
export function printed(text: string, within?: number): Published {
  const value = Number(text);
  const decimals = text.split(".")[1]?.length ?? 0;
  // A whole number without a tolerance is a count or exact.
  const half = within ?? (decimals === 0 ? 0 : 0.5 * 10 ** -decimals);
  // The sum of two decimals may miss the border between them by an ulp.
  const slack = half === 0 ? 0 : 1e-9 * half;
  return {
    text: text.replace("-", "−"),
    low: value - half - slack,
    high: value + half + slack,
    tolerance: half === 0 ? "exact" : `±${Number(half.toPrecision(2))}`,
    decimals,
  };
}

/** A number that is exact but for rounding in double precision. */
export function exactly(value: number, decimals = 6): Published {
  const slack = 1e-9 * Math.max(1, Math.abs(value));
  return { text: digits(value, decimals), low: value - slack, high: value + slack, tolerance: "±1e-9", decimals };
}

/** Anything between two numbers. */
export function between(low: number, high: number, decimals: number): Published {
  return { text: `${digits(low, decimals)} to ${digits(high, decimals)}`, low, high, tolerance: "as stated", decimals };
}

export function above(low: number, decimals: number): Published {
  return {
    text: `above ${digits(low, decimals)}`,
    low,
    high: Number.POSITIVE_INFINITY,
    tolerance: "as stated",
    decimals,
  };
}

export function below(high: number, decimals: number): Published {
  return {
    text: `below ${digits(high, decimals)}`,
    low: Number.NEGATIVE_INFINITY,
    high,
    tolerance: "as stated",
    decimals,
  };
}

/** Whether a result is where it should be; a result that is not a number never is. */
export function isWithin({ low, high }: Published, ours: Computed): boolean {
  const value = centerOf(ours);
  return value >= low && value <= high;
}

/** Ours as it is printed: a digit more than was published, with its interval where it has one. */
export function formatComputed({ decimals }: Published, ours: Computed): string {
  const shown = typeof ours === "number" && Number.isInteger(ours) && decimals === 0 ? 0 : decimals + 1;
  const text = (value: number) => digits(value, shown);
  if (typeof ours === "number") return text(ours);
  return `${text(ours.mean)} [${text(ours.low)}, ${text(ours.high)}], n = ${ours.n}`;
}

/** With a real minus sign; what rounds to zero has none. */
function digits(value: number, decimals: number): string {
  const size = Math.abs(value).toFixed(decimals);
  return value < 0 && /[1-9]/.test(size) ? `−${size}` : size;
}

/** The number itself, or the mean. */
export const centerOf = (ours: Computed): number => (typeof ours === "number" ? ours : ours.mean);

/** Computes once, at the first call: for quantities that read one result. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
