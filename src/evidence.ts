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
      readonly x: {
        readonly title: string;
        readonly scale: "linear" | "log";
        /** Of a linear axis, where it is more than the points span. */
        readonly range?: readonly [number, number];
      };
      readonly y: { readonly title: string; readonly range?: readonly [number, number] };
      /** Draws y = x, and says what lies on it; for two linear axes of one range. */
      readonly diagonal?: string;
      readonly lines: readonly {
        readonly label: string;
        readonly points: readonly { readonly x: number; readonly y: Estimate }[];
      }[];
    }
  /** Pairs of estimates, with intervals on both axes; the diagonal is where the two agree. */
  | {
      readonly kind: "scatter";
      readonly title: string;
      readonly x: { readonly title: string };
      readonly y: { readonly title: string };
      /** Of both axes. */
      readonly range: readonly [number, number];
      /** What lies on the diagonal, in a few words. */
      readonly diagonal: string;
      readonly points: readonly { readonly label: string; readonly x: Estimate; readonly y: Estimate }[];
    }
  /** Named quantities side by side, each an estimate or a reason. */
  | {
      readonly kind: "bars";
      readonly title: string;
      readonly axis: string;
      readonly range?: readonly [number, number];
      readonly bars: readonly { readonly label: string; readonly reading: Reading }[];
    }
  /** Maps in sequence over one level: stepped through on a screen, side by side in print. */
  | {
      readonly kind: "frames";
      readonly title: string;
      /** ASCII rows of the level, as printed by the world. */
      readonly rows: readonly string[];
      /** What a value means, with its unit. */
      readonly legend: string;
      /** Values that a color scale spans. */
      readonly range: readonly [number, number];
      readonly frames: readonly {
        readonly caption: string;
        /** Row-major, one for each cell; null where there is none. */
        readonly values: readonly (number | null)[];
        /** An arrow in a cell: index into `MOVES`, −1 for none; row-major. */
        readonly arrows?: readonly number[];
        /** Cells visited so far, `[row, column]`. */
        readonly path?: readonly (readonly [number, number])[];
      }[];
    }
  /** Choices fixed before looking, unless the columns say otherwise: priors, classes, thresholds. */
  | {
      readonly kind: "facts";
      readonly title: string;
      readonly columns?: readonly [string, string];
      readonly facts: readonly (readonly [string, string])[];
    };
