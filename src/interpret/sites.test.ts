/** @file Addresses of activations, and activations on record, against networks whose values are known by hand. */
import { describe, expect, test } from "vitest";
import { LabError } from "../core/errors.ts";
import type { PolicyShape } from "../network.ts";
import type { Inside } from "../subject.ts";
import { add, mul, referenceExecutor, reshape, sum, transpose } from "../tensor/index.ts";
import { recordActivations } from "./activations.ts";
import { asInside, channelsFirst, findSite, formatSite, listSites, parseSite } from "./sites.ts";

const shape: PolicyShape = { planes: 2, height: 3, width: 4, actions: 2 };

/** Sites: the planes doubled, the same with channels last, and the sums of both planes. */
const inside: Inside = {
  weights: { factor: Float32Array.of(2) },
  specs: { factor: { shape: [1], dtype: "float32" } },
  executor: referenceExecutor,
  forward(p, planes, ticks = 1) {
    const twice = mul(planes, reshape(p.factor!, [1, 1, 1, 1]));
    const sums = sum(twice, { axes: [2, 3] });
    const states = Object.fromEntries(Array.from({ length: ticks }, (_, i) => [`tick.${i}.state`, add(sums, i)]));
    return { logits: sums, sites: { twice, last: transpose(twice, [0, 2, 3, 1]), sums, ...states } };
  },
};

describe("addresses", () => {
  test.each([
    ["tick.11.state", { site: "tick.11.state" }],
    ["/net/relu#4{3,5}", { site: "/net/relu#4", only: [3, 5] }],
    ["a@2,4", { site: "a", cell: [2, 4] }],
    ["a{0}@2,4", { site: "a", only: [0], cell: [2, 4] }],
  ])("%s", (text, address) => {
    expect(parseSite(text)).toEqual(address);
    expect(formatSite(parseSite(text))).toBe(text);
  });

  test("no address is refused", () => expect(() => parseSite("")).toThrow(LabError));

  test("sites are listed with their shapes, whatever the order of axes; more ticks, more sites", () => {
    const known = listSites(inside, shape, 2);
    expect(known.map(({ site, kind, shape: own }) => [site, kind, ...own])).toEqual([
      ["twice", "grid", 2, 3, 4],
      ["last", "grid", 2, 3, 4],
      ["sums", "vector", 2],
      ["tick.0.state", "vector", 2],
      ["tick.1.state", "vector", 2],
    ]);
  });

  test("what is not there is refused with what is", () => {
    const known = listSites(inside, shape);
    expect(findSite(known, "twice{1}@2,3")).toMatchObject({ site: "twice", only: [1], cell: [2, 3], channels: 2 });
    expect(() => findSite(known, "twicf")).toThrow(
      'site "twicf" does not exist; known: twice, last, sums, tick.0.state',
    );
    expect(() => findSite(known, "twice{2}")).toThrow("got 2; expected 0 to 1");
    expect(() => findSite(known, "twice@3,0")).toThrow("got 3,0; expected below 3,4");
    expect(() => findSite(known, "sums@0,0")).toThrow("the site is a vector");
  });

  test("a name that looks like a part of another is that name", () => {
    const odd = [{ ...listSites(inside, shape)[0]!, site: "w{1}" }];
    expect(findSite(odd, "w{1}")).toMatchObject({ site: "w{1}" });
    expect(findSite(odd, "w{1}").only).toBeUndefined();
  });
});

describe("activations", () => {
  const n = 7;
  const observations = Uint8Array.from({ length: n * 24 }, (_, i) => ((i * 7) % 5 === 0 ? 1 : 0));

  test.each([1, 3, 64])("on record in chunks of %i, channels first", async (rows) => {
    const sites = ["twice", "last", "sums"];
    const record = await recordActivations({ inside, shape, sites, observations, n, rows });
    expect(record.twice!.values).toEqual(Float32Array.from(observations, (x) => 2 * x));
    expect(record.last!.values).toEqual(record.twice!.values);
    const sums = Float32Array.from({ length: 2 * n }, (_, i) =>
      observations.subarray(i * 12, (i + 1) * 12).reduce((total, x) => total + 2 * x, 0),
    );
    expect(record.sums!.values).toEqual(sums);
  });

  test("a network that insists on its rows gets them", async () => {
    const asked = new Set<number>();
    const strict: Inside = {
      ...inside,
      rows: 4,
      forward: (p, planes, ticks) => {
        asked.add(planes.shape[0]!);
        return inside.forward(p, planes, ticks);
      },
    };
    const record = await recordActivations({ inside: strict, shape, sites: ["twice"], observations, n });
    expect(record.twice!.values).toEqual(Float32Array.from(observations, (x) => 2 * x));
    expect([...asked]).toEqual([4]);
  });

  test("more than can be held is refused before anything is computed", async () => {
    const promise = recordActivations({ inside, shape, sites: ["twice"], observations, n: 2 ** 24 });
    await expect(promise).rejects.toThrow("got 1536 MiB; expected at most 512 MiB");
  });

  test("channels first and back is the same value", () => {
    const known = listSites(inside, shape);
    for (const site of ["twice", "last", "sums"]) {
      const info = known.find((each) => each.site === site)!;
      const spy: Inside = {
        ...inside,
        forward(p, planes) {
          const { sites, logits } = inside.forward(p, planes);
          const back = asInside(channelsFirst(sites[site]!, info), info);
          expect(back.shape).toEqual(sites[site]!.shape);
          return { logits, sites: { back } };
        },
      };
      listSites(spy, shape);
    }
  });
});
