/** @file Half floats (IEEE binary16) as raw bits, to and from numbers. */

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/** The number that 16 bits mean. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  // Exponent zero means no hidden one: multiples of 2^-24.
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The nearest half float, ties to even; too large becomes infinity. */
export function toFloat16(value: number): number {
  FLOAT[0] = value;
  const single = BITS[0]!;
  const sign = (single >>> 16) & 0x8000;
  const magnitude = Math.abs(FLOAT[0]);
  if (Number.isNaN(magnitude)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  // The spacing of half floats here; dividing and multiplying by powers of two is exact.
  const exponent = Math.max(((single >>> 23) & 255) - 127, -14);
  const steps = roundToEven(magnitude / 2 ** (exponent - 10));
  // A carry into the next exponent is the right bits anyway.
  return sign | (steps < 1024 ? steps : ((exponent + 14) << 10) + steps);
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
