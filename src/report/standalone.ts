/** @file A figure as a file of its own: the drawing with the colors it needs, light and dark. */
import type { Markup } from "./markup.ts";
import { figureStyle } from "./style.ts";

/** Put the style sheet into the image. */
export function standaloneSvg({ markup }: Markup): string {
  const afterTag = markup.indexOf(">") + 1;
  return `${markup.slice(0, afterTag)}<style>${figureStyle(markup)}</style>${markup.slice(afterTag)}\n`;
}
