/**
 * @file Evidence: the plain data behind a reading, in a form that a report can
 * draw without knowing which instrument produced it.
 */
import type { Estimate, Reading } from "./core/estimate.ts";

export type Evidence =
  /** Levels with the path an agent took. */
  | {
      readonly kind: "paths";
      readonly title: string;
      readonly levels: readonly {
        readonly caption: string;
        /** ASCII rows, as printed by the world. */
        readonly rows: readonly string[];
        /** Visited cells in order, `[row, column]`, the start first. */
        readonly path: readonly (readonly [number, number])[];
      }[];
    }
  /** One number per cell of the grid; null where there is no cell to speak of. */
  | {
      readonly kind: "map";
      readonly title: string;
      readonly height: number;
      readonly width: number;
      readonly values: readonly (number | null)[];
      /** What a value means, with its unit. */
      readonly legend: string;
    }
  /** Estimates along an axis; several lines share it. */
  | {
      readonly kind: "curve";
      readonly title: string;
      readonly x: { readonly title: string; readonly scale: "linear" | "log" };
      readonly y: { readonly title: string; readonly range?: readonly [number, number] };
      readonly lines: readonly {
        readonly label: string;
        readonly points: readonly { readonly x: number; readonly y: Estimate }[];
      }[];
    }
  /** Named quantities side by side, each an estimate or a reason. */
  | {
      readonly kind: "bars";
      readonly title: string;
      readonly axis: string;
      readonly range?: readonly [number, number];
      readonly bars: readonly { readonly label: string; readonly reading: Reading }[];
    }
  /** Choices fixed before looking: priors, classes, thresholds. */
  | { readonly kind: "facts"; readonly title: string; readonly facts: readonly (readonly [string, string])[] };
