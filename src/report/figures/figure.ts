/** @file From evidence to figure: one drawing function per kind of evidence. */
import type { Evidence } from "../../evidence.ts";
import { drawBars } from "./bars.ts";
import { drawCurve } from "./curve.ts";
import type { Figure } from "./frame.ts";
import { drawFrames } from "./frames.ts";
import { drawMap } from "./heat-map.ts";
import { drawPaths } from "./levels.ts";
import { drawScatter } from "./scatter.ts";

/**
 * Draw a piece of evidence.
 *
 * @param id unique in the page: names the parts that labels and patterns refer to
 */
export function drawEvidence(evidence: Evidence, id: string): Figure {
  switch (evidence.kind) {
    case "paths":
      return drawPaths(evidence, id);
    case "map":
      return drawMap(evidence, id);
    case "frames":
      return drawFrames(evidence, id);
    case "curve":
      return drawCurve(evidence, id);
    case "scatter":
      return drawScatter(evidence, id);
    case "bars":
      return drawBars(evidence, id);
    case "facts":
      return {
        title: evidence.title,
        drawings: [],
        table: {
          columns: evidence.columns ?? ["fixed before looking", "value"],
          rows: evidence.facts.map(([name, value]) => [name, value]),
        },
      };
  }
}
