/** @file `mesascope verify`: every stored byte against its hash. */
import type { Command } from "commander";
import { addAction, type Door, type ExitCode } from "../context.ts";

export function registerVerify(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("verify")
    .description("check every stored byte against its hash; exit code 3 when something is damaged")
    .option("--set-aside", "move what is damaged to damaged/, so that the same commands make it again");
  addAction(command, door, finished, async (context, flags: { setAside?: boolean }) => {
    const { facts } = await import("../table.ts");
    const { compact } = await import("../progress.ts");
    const store = await context.store();
    const progress = await context.progress();
    const task = progress.task("verifying", 1);
    const found = await store.verify((share) => task.update(share));
    task.finish();
    const { damage } = found;
    const mended = flags.setAside ? await store.setAside(damage) : [];
    context.print({ location: store.location, isIntact: damage.length === 0, ...found, setAside: mended }, () => {
      const { bad, dim, good } = context.out.paint;
      const counts = `${found.records} records, ${found.artifacts} artifacts, ${found.checkpoints} checkpoints, ${compact(found.bytes)} bytes`;
      const leftovers =
        found.unfinished > 0
          ? `\n${dim(`${found.unfinished} leftovers of interrupted writes in tmp/; harmless, never read`)}`
          : "";
      const verdict =
        damage.length === 0
          ? `${good("✓ intact")}  ${counts}`
          : `${bad(`✗ ${damage.length} damaged`)}  ${counts}\n\n${damage
              .map(({ what, name, problem, fix }) =>
                facts(
                  [
                    [what, name],
                    ["problem", problem],
                    ["fix", fix],
                  ],
                  context.out,
                ),
              )
              .join("\n\n")}`;
      const next =
        damage.length === 0
          ? []
          : flags.setAside
            ? ["", ...mended]
            : ["", 'Run "mesascope verify --set-aside" first: it moves the damage out of the way.'];
      return [`${verdict}${leftovers}`, ...next, dim(store.location)].join("\n");
    });
    return damage.length === 0 ? 0 : 3;
  });
}
