/**
 * @file A thermostat, exactly: a room that drifts by a degree a minute, a heater that is on or off, and how many minutes of
 * an hour or a day the room is comfortable, under any rule for the heater. The optimizer of the ledger that nobody takes
 * for an agent.
 *
 *     temperature ← temperature ± 1 with probability `drift` toward where the heater drives it, 1 − drift − still back
 */
import { assert } from "../../core/errors.ts";

export interface Room {
  /** Temperature runs over −reach … reach degrees from the set point, and stays there at the ends. */
  readonly reach: number;
  /** Comfortable is within so many degrees. */
  readonly band: number;
  /** Minutes. */
  readonly minutes: number;
  /** Probability that a minute moves the temperature by a degree as the heater drives it; and that it stays. */
  readonly drift: number;
  readonly still: number;
}

/** Probability that the heater is on at a temperature. */
export type HeaterRule = (degrees: number) => number;

/** On below the set point, off above it, a coin at it. */
export const thermostat: HeaterRule = (degrees) => (degrees < 0 ? 1 : degrees > 0 ? 0 : 0.5);

/** A coin each minute: what no one controls. */
export const coin: HeaterRule = () => 0.5;

/** An hour or a day of a room. */
export interface RoomOutcome {
  /** P(comfortable for so many minutes), `[minutes + 1]`. */
  readonly comfortable: Float64Array;
  /** Divergence of the rule's switching from that of a coin over all minutes, in bits. */
  readonly controlBits: number;
}

/** The distribution of comfortable minutes from a temperature that is uniform at first, by dynamic programming. */
export function roomOutcome({ reach, band, minutes, drift, still }: Room, rule: HeaterRule): RoomOutcome {
  assert(drift >= 0 && still >= 0 && drift + still <= 1, `probabilities, got ${drift} and ${still}`);
  const states = 2 * reach + 1;
  const stride = minutes + 1;
  let now = new Float64Array(states * stride);
  for (let s = 0; s < states; s++) now[s * stride] = 1 / states;
  let controlBits = 0;
  for (let minute = 0; minute < minutes; minute++) {
    const next = new Float64Array(states * stride);
    for (let s = 0; s < states; s++) {
      const on = rule(s - reach);
      const bits = (on > 0 ? on * Math.log2(2 * on) : 0) + (on < 1 ? (1 - on) * Math.log2(2 * (1 - on)) : 0);
      const up = on * drift + (1 - on) * (1 - drift - still);
      const moves = [
        [Math.min(s + 1, states - 1), up],
        [Math.max(s - 1, 0), 1 - still - up],
        [s, still],
      ] as const;
      for (let count = 0; count <= minute; count++) {
        const mass = now[s * stride + count]!;
        if (mass === 0) continue;
        controlBits += mass * bits;
        for (const [to, probability] of moves) {
          next[to * stride + count + (Math.abs(to - reach) <= band ? 1 : 0)]! += mass * probability;
        }
      }
    }
    now = next;
  }
  const comfortable = new Float64Array(stride);
  for (let s = 0; s < states; s++)
    for (let count = 0; count < stride; count++) comfortable[count]! += now[s * stride + count]!;
  return { comfortable, controlBits };
}
