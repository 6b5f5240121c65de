/**
 * @file Vectors added to activations, one for each observation: what a subject
 * would rather do if a site held something else. All sites are written in the
 * same pass, later ones on top of what earlier writes led to.
 */
import type { Subject } from "../subject.ts";
import { add, substitute, type Tensor } from "../tensor/index.ts";
import { passesOf } from "./passes.ts";
import { asInside, type SiteInfo } from "./sites.ts";

export interface Additions {
  /**
   * The preferred action of each observation.
   *
   * @param observations `[n, planes, height, width]`
   * @param vectors one `[n, …shape of the site]` for each site, channels first
   */
  preferred(observations: Uint8Array, n: number, vectors: readonly Float32Array[]): Promise<Uint8Array>;
}

/** Make a subject's sites writable. The subject must have an inside. */
export async function additionsAt(subject: Subject, sites: readonly SiteInfo[]): Promise<Additions> {
  const passes = await passesOf(
    subject,
    (pass, more) => {
      const edits = new Map(
        sites.map((info, s) => [
          pass.sites[info.site]!,
          (value: Tensor) => add(value, asInside(more[`write ${s}`]!, info)),
        ]),
      );
      return { "written logits": substitute([pass.logits], edits)[0]! };
    },
    { more: Object.fromEntries(sites.map((info, s) => [`write ${s}`, info.shape])) },
  );
  const { actions } = subject.shape;
  return {
    async preferred(observations, n, vectors) {
      const more = Object.fromEntries(vectors.map((values, s) => [`write ${s}`, values]));
      const logits = (await passes.run(observations, n, more))["written logits"]!;
      return Uint8Array.from({ length: n }, (_, i) => {
        const row = logits.subarray(i * actions, (i + 1) * actions);
        return row.indexOf(Math.max(...row));
      });
    },
  };
}
