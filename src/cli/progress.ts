/**
 * @file Progress of several tasks side by side: bars that are redrawn on a
 * terminal, a plain line now and then elsewhere, each with rate and time left.
 */
import { pad } from "./table.ts";
import { displayWidth, type Outlet } from "./terminal.ts";

/** One task among those shown. */
export interface Task {
  /** How far it is; `note` is shown at the end of its line. */
  update(done: number, note?: string): void;
  /** It ended; `message` stays on the screen. */
  finish(message?: string): void;
}

export interface ProgressOptions {
  readonly outlet: Outlet;
  /** Milliseconds from any origin. */
  readonly now: () => number;
  /** What is counted, for the rate: `frames`. Without it only time left is shown. */
  readonly unit?: string;
}

export interface Progress {
  /** @param total how much there is to do */
  task(label: string, total: number, done?: number): Task;
  /** So much more is coming than the tasks begun so far. */
  expect(amount: number): void;
  /** A line above the bars. */
  note(text: string): void;
  /** Remove the bars. */
  close(): void;
}

/** Redrawing more often than this cannot be seen. */
const REDRAW_MS = 80;
/** Without a terminal, one line per so many milliseconds, and none in the first of them. */
const PLAIN_MS = 2000;
/** The first lines come that often, later ones less: a log of an hour stays readable. */
const PLAIN_SLOW_MS = 10_000;
const PLAIN_PATIENCE_MS = 20_000;
/** Nothing is shown of what takes less. */
const PATIENCE_MS = 300;
/** Bars at once; further tasks are counted in the last line only. */
const MOST_BARS = 12;

interface Line {
  readonly label: string;
  readonly total: number;
  readonly meter: Meter;
  done: number;
  note: string;
}

export function progress({ outlet, now, unit }: ProgressOptions): Progress {
  const { paint } = outlet;
  const active = new Set<Line>();
  const begun = now();
  let drawn = 0;
  let last = begun;
  /** Work of finished tasks. */
  const past = { total: 0, done: 0 };
  const overall = meter(now, 0);
  let tasks = 0;
  let expected = 0;

  const erase = () => {
    if (drawn > 0) outlet.write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };
  const sum = () => {
    const whole = { ...past };
    for (const line of active) {
      whole.total += line.total;
      whole.done += line.done;
    }
    return { total: Math.max(expected, whole.total), done: whole.done };
  };
  const tail = (done: number, total: number, speed: number | undefined, left: number | undefined) => {
    const parts = [`${pad(String(Math.floor((100 * done) / Math.max(1, total))), 3, "right")} %`];
    if (unit && speed !== undefined) parts.push(`${compact(speed)} ${unit}/s`);
    if (left !== undefined && done < total) parts.push(`${formatSeconds(left)} left`);
    return parts.join("  ");
  };
  /** Seconds of a task at its own speed; undefined before it has one. */
  const leftOf = ({ done, total, meter: { rate } }: Line) => {
    const speed = rate();
    return speed === undefined ? undefined : (total - done) / speed;
  };
  /**
   * Of many tasks some are a thousand times slower a unit than others. Those under way say themselves how long they
   * take; for those to come the mean speed so far is the best guess, and they begin when the first of those ends.
   */
  const leftOfAll = (whole: { readonly done: number; readonly total: number }) => {
    const own = [...active].flatMap((line) => leftOf(line) ?? []);
    const speed = overall.meanRate();
    const coming = whole.total - whole.done - [...active].reduce((sum, { total, done }) => sum + total - done, 0);
    if (speed === undefined || (coming <= 0 && own.length === 0)) return undefined;
    const first = own.length > 0 ? Math.min(...own) : 0;
    return Math.max(0, ...own, coming > 0 ? first + coming / speed : 0);
  };
  const tailOfAll = (whole: { readonly done: number; readonly total: number }) =>
    tail(whole.done, whole.total, overall.rate(), leftOfAll(whole));
  const draw = () => {
    const lines = [...active].slice(0, MOST_BARS);
    const whole = sum();
    const isPart = tasks > 1 || whole.total > [...active].reduce((all, { total }) => all + total, 0);
    const labels = Math.max(isPart ? 3 : 0, ...lines.map(({ label }) => displayWidth(label)));
    erase();
    for (const line of lines) {
      const text = `${tail(line.done, line.total, line.meter.rate(), leftOf(line))}${line.note ? `  ${line.note}` : ""}`;
      const room = outlet.columns - labels - displayWidth(text) - 5;
      const bar = room >= 8 ? `${gauge(line.done / Math.max(1, line.total), Math.min(room, 32))}  ` : "";
      outlet.write(`${clip(`${pad(line.label, labels)}  ${bar}${text}`, outlet.columns - 1)}\n`);
      drawn++;
    }
    if (isPart) {
      outlet.write(`${paint.dim(clip(`${pad("all", labels)}  ${tailOfAll(whole)}`, outlet.columns - 1))}\n`);
      drawn++;
    }
  };
  const gauge = (share: number, width: number) => {
    const full = Math.round(Math.min(1, share) * width);
    return `${paint.accent("━".repeat(full))}${paint.dim("╌".repeat(width - full))}`;
  };
  const refresh = () => {
    const time = now();
    if (outlet.isLive) {
      if (time - begun < PATIENCE_MS || time - last < REDRAW_MS) return;
      last = time;
      draw();
    } else if (time - last >= (time - begun > PLAIN_PATIENCE_MS ? PLAIN_SLOW_MS : PLAIN_MS)) {
      last = time;
      const [only] = active;
      const whole = sum();
      const name = tasks > 1 ? `${tasks} tasks` : (only?.label ?? "");
      const note = tasks === 1 && only?.note ? `  ${only.note}` : "";
      outlet.line(`${name}  ${tailOfAll(whole)}${note}`.trimStart());
    }
  };
  return {
    task(label, total, done = 0) {
      const line: Line = { label, total, meter: meter(now, done), done, note: "" };
      active.add(line);
      tasks++;
      refresh();
      return {
        update(value, note) {
          overall.add(value - line.done);
          line.meter.add(value - line.done);
          line.done = value;
          if (note !== undefined) line.note = note;
          refresh();
        },
        finish(message) {
          if (active.delete(line)) {
            overall.add(line.total - line.done);
            past.total += line.total;
            past.done += line.total;
          }
          erase();
          if (message !== undefined) outlet.line(message);
          if (outlet.isLive && now() - begun >= PATIENCE_MS && active.size > 0) draw();
        },
      };
    },
    expect(amount) {
      expected += amount;
    },
    note(text) {
      erase();
      outlet.line(text);
    },
    close: erase,
  };
}

interface Meter {
  add(amount: number): void;
  /** Per second, over the last few; undefined before anything was counted. */
  rate(): number | undefined;
  /** Per second, since this process began. */
  meanRate(): number | undefined;
}

/** Speed changes as tasks come and go, so only the last seconds tell how long the rest will take. */
const WINDOW_MS = 6000;

/** @param done what was done before this process began: continued runs */
function meter(now: () => number, done: number): Meter {
  const begun = { time: now(), done };
  const marks = [begun];
  const since = (mark: { readonly time: number; readonly done: number }) => {
    const elapsed = now() - mark.time;
    return elapsed > 0 && done > mark.done ? ((done - mark.done) * 1000) / elapsed : undefined;
  };
  return {
    add(amount) {
      done += amount;
      const time = now();
      if (time - marks.at(-1)!.time >= 250) marks.push({ time, done });
      while (marks.length > 2 && time - marks[1]!.time > WINDOW_MS) marks.shift();
    },
    rate: () => since(marks[0]!),
    meanRate: () => since(begun),
  };
}

/** `182k`, `1.4M`. */
export function compact(value: number): string {
  if (value >= 999_500) return `${(value / 1e6).toFixed(value >= 9_950_000 ? 0 : 1)}M`;
  if (value < 1000 && Number.isInteger(value)) return String(value);
  if (value >= 1000) return `${(value / 1e3).toFixed(value >= 9950 ? 0 : 1)}k`;
  return value.toFixed(value >= 10 ? 0 : 1);
}

/** `4 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Cut a line that would wrap: a wrapped line cannot be erased. Colors are dropped where it is cut. */
function clip(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is removed
  return `${[...line.replace(/\x1b\[\d+m/g, "")].slice(0, width - 1).join("")}…`;
}
